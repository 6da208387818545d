// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/key_options.h"
#include "clients/cli/lua_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/print_options.h"

namespace dissectd::cli {

void AddDisplayFilterOption(CLI::App* command, RawPrintOptions* raw) {
  AddValue(command, "-Y,--display-filter", &raw->display_filter,
           "Only frames that pass this display filter")
      ->type_name("FILTER")
      ->group("Processing");
  AllowAnyBytes(*command, {"-Y"});
}

void AddProcessingOptions(CLI::App* command, RawPrintOptions* raw) {
  command->add_flag("-n", raw->no_resolution, "Disable name resolution")
      ->group("Processing");
  AddList(command, "-N", &raw->resolve,
          "Resolve names, by letters: m of MAC addresses, n of network "
          "addresses, t of ports, v of VLANs; d also uses DNS answers of the "
          "capture, N the network's name servers")
      ->type_name("LETTERS")
      ->group("Processing");
  AddList(command, "-d", &raw->decode_as,
          "Decode as, with the rule LAYER_TYPE==SELECTOR,PROTOCOL, for "
          "example tcp.port==8888,http")
      ->type_name("RULE")
      ->group("Processing");
  AddList(command, "-o", &raw->preferences,
          "Preference to set, for example tcp.desegment_tcp_streams:FALSE")
      ->type_name("NAME:VALUE")
      ->group("Processing");
  AddList(command, "-H", &raw->hosts_files, "Hosts file with names to use")
      ->type_name("FILE")
      ->group("Processing");
  AddKeyOptions(command, &raw->keys);
  AddLuaOptions(command, &raw->extensions);
  AddValue(command, "-C,--profile", &raw->profile,
           "Profile of the daemon's machine to begin with, instead of the "
           "daemon's own")
      ->type_name("NAME")
      ->group("Processing");
  AddList(command, "--enable-protocol", &raw->enabled_protocols,
          "Protocol to enable")
      ->type_name("PROTOCOL")
      ->group("Processing");
  AddList(command, "--disable-protocol", &raw->disabled_protocols,
          "Protocol to disable")
      ->type_name("PROTOCOL")
      ->group("Processing");
  AddList(command, "--enable-heuristic", &raw->enabled_heuristics,
          "Heuristic dissector to enable")
      ->type_name("NAME")
      ->group("Processing");
  AddList(command, "--disable-heuristic", &raw->disabled_heuristics,
          "Heuristic dissector to disable")
      ->type_name("NAME")
      ->group("Processing");
  // For `dissectctl tshark`.
  command->add_flag("--as-tshark", raw->as_tshark)->group("");
  AllowAnyBytes(*command, {"-d", "-o", "-H"});
}

void AddTimeOptions(CLI::App* command, RawPrintOptions* raw) {
  AddValue(command, "-t", &raw->timestamp_type,
           "The time column: r since the first packet (the default), a local "
           "time, ad with the date, adoy with the day of the year, u UTC, ud "
           "and udoy likewise, e seconds since 1970, d since the previous "
           "packet, dd since the previous displayed packet")
      ->type_name("LETTERS")
      ->group("Output");
  AddValue(command, "-u", &raw->seconds_type,
           "Seconds in the time column: s as seconds, hms as hours, minutes "
           "and seconds")
      ->type_name("LETTERS")
      ->group("Output");
}

void AddFormatOptions(CLI::App* command, RawPrintOptions* raw) {
  AddValue(command, "-T", &raw->output_type,
           "Output format: text|tabs|fields|json|jsonraw|ek|pdml|psml|none")
      ->type_name("FORMAT")
      ->group("Output");
  command->add_flag("-V", raw->details, "Print packet details")
      ->group("Output");
  AddValue(command, "-O", &raw->only_protocols,
           "Print details of these protocols only, separated by commas")
      ->type_name("PROTOCOLS")
      ->group("Output");
  command
      ->add_flag("-P,--print", raw->summary, "Print the summary line as well")
      ->group("Output");
  command->add_flag("-x", raw->bytes, "Print packet bytes")->group("Output");
  AddList(command, "--hexdump", &raw->hex_dump,
          "How to print packet bytes: all|frames|ascii|delimit|noascii")
      ->type_name("STYLE")
      ->group("Output");
  AddValue(command, "-S", &raw->separator,
           "Separator line between packets with details or bytes")
      ->type_name("LINE")
      ->group("Output");
  AddList(command, "-e", &raw->fields, "Field to print")
      ->type_name("FIELD")
      ->group("Output");
  AddList(command, "-E", &raw->field_options,
          "How to print fields: NAME=VALUE of bom, header, separator, "
          "occurrence, aggregator, quote")
      ->type_name("NAME=VALUE")
      ->group("Output");
  AddValue(command, "-j", &raw->shallow_filter,
           "Only these protocols, without their children")
      ->type_name("PROTOCOLS")
      ->group("Output");
  AddValue(command, "-J", &raw->deep_filter,
           "Only these protocols, with their children")
      ->type_name("PROTOCOLS")
      ->group("Output");
  command
      ->add_flag("--no-duplicate-keys", raw->no_duplicate_keys,
                 "Merge JSON members with the same name into arrays")
      ->group("Output");
  command->add_flag("-l", raw->line_buffered, "Flush after each packet")
      ->group("Output");
  command
      ->add_flag("--color", raw->color,
                 "Color packets as the profile says: summary lines on "
                 "terminals with COLORTERM=truecolor, and XML")
      ->group("Output");
  AllowAnyBytes(*command, {"-S", "-E"});
}

void AddPrintOptions(CLI::App* command, RawPrintOptions* raw) {
  AddDisplayFilterOption(command, raw);
  AddProcessingOptions(command, raw);
  AddFormatOptions(command, raw);
  AddTimeOptions(command, raw);
  command->add_flag("-q", raw->quiet, "Print no packets by default")
      ->group("Output");
  command
      ->add_flag("-Q", raw->very_quiet,
                 "Like -q, and print only errors of captures")
      ->group("Output");
}

}  // namespace dissectd::cli

// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capinfos_options.h"

#include <functional>

#include "clients/cli/option_helpers.h"

namespace dissectd::cli {
namespace {

struct InfoOption {
  Info info;
  const char* help;
};

constexpr InfoOption kInfoOptions[] = {
    {Info::kFileType, "The file's type"},
    {Info::kEncapsulation, "The encapsulation"},
    {Info::kInterfaces, "The interfaces"},
    {Info::kMore, "Precision of times, hardware, system and application"},
    {Info::kHashes, "SHA256, RIPEMD160 and SHA1 of the file"},
    {Info::kComment, "The comments on the capture"},
    {Info::kPacketCount, "The number of packets"},
    {Info::kFileSize, "The size of the file"},
    {Info::kDataSize, "The length of all packets together"},
    {Info::kSnapshotLength, "To how many bytes packets were cut"},
    {Info::kDuration, "The duration"},
    {Info::kFirstTime, "The time of the first packet"},
    {Info::kLastTime, "The time of the last packet"},
    {Info::kOrder, "Whether packets are in the order of their times"},
    {Info::kByteRate, "Bytes per second"},
    {Info::kBitRate, "Bits per second"},
    {Info::kPacketSize, "The average length of packets"},
    {Info::kPacketRate, "Packets per second"},
    {Info::kNames, "The number of addresses that have names"},
    {Info::kSecrets, "The number of secrets to decrypt with"},
};

void SelectAll(CapinfosOptions* options) {
  options->selects = false;
  for (const InfoOption& option : kInfoOptions) {
    options->infos.insert(option.info);
  }
}

void Select(Info info, CapinfosOptions* options) {
  if (!options->selects) options->infos.clear();
  options->selects = true;
  options->infos.insert(info);
}

// Adds an option that takes effect at its position on the command line.
void AddInPlace(CLI::App* command, const char* group, char letter,
                const std::string& help, std::function<void()> act) {
  command->add_flag_callback(std::string("-") + letter, std::move(act), help)
      ->trigger_on_parse()
      ->group(group);
}

template <typename Value>
void AddSetting(CLI::App* command, const char* group, char letter,
                const std::string& help, Value* where, Value value) {
  AddInPlace(command, group, letter, help, [where, value] { *where = value; });
}

void AddFormatOptions(CLI::App* command, CapinfosOptions* options) {
  const char* group = "Output";
  AddSetting(command, group, 'L', "A long report (the default)",
             &options->table, false);
  AddSetting(command, group, 'T', "A table", &options->table, true);
  AddSetting(command, group, 'M', "Numbers and names for programs",
             &options->machine_readable, true);
  AddSetting(command, group, 'S', "Times as seconds since 1970",
             &options->epoch_times, true);
  AddSetting(command, group, 'R', "A table's head (the default)",
             &options->header, true);
  AddSetting(command, group, 'r', "No head", &options->header, false);
  AddSetting(command, group, 'B', "A table's cells apart by tabs (the default)",
             &options->separator, '\t');
  AddSetting(command, group, 'm', "By commas", &options->separator, ',');
  AddSetting(command, group, 'b', "By blanks", &options->separator, ' ');
  AddSetting(command, group, 'N', "A table's cells unquoted (the default)",
             &options->quote, '\0');
  AddSetting(command, group, 'q', "In single quotes", &options->quote, '\'');
  AddSetting(command, group, 'Q', "In double quotes", &options->quote, '"');
}

}  // namespace

void AddCapinfosOptions(CLI::App* command, CapinfosOptions* options) {
  SelectAll(options);
  command
      ->add_option(
          "FILE", options->files,
          "Names of captures in the daemon's store, or their ends "
          "after a \"/\"; with --local, paths of files of this machine")
      ->required()
      ->type_name("");
  AllowAnyBytes(*command, {"FILE"});
  command->add_flag(
      "--local", options->local,
      "Each FILE is a file of this machine, which is uploaded first, "
      "and deleted from the store afterwards");
  AddSetting(command, "Options", 'C', "Stop after a file that can't be read",
             &options->stop_after_failure, true);
  for (const InfoOption& option : kInfoOptions) {
    AddInPlace(command, "What is said", static_cast<char>(option.info),
               option.help,
               [info = option.info, options] { Select(info, options); });
  }
  AddInPlace(command, "What is said", 'A', "All (the default)",
             [options] { SelectAll(options); });
  AddInPlace(command, "What is said", 'K', "Not the comments on the capture",
             [options] { options->infos.erase(Info::kComment); });
  AddFormatOptions(command, options);
}

}  // namespace dissectd::cli

// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tshark/help.h"

#include "absl/strings/str_cat.h"
#include "clients/cli/glossary_command.h"

namespace dissectd::cli::tshark {

std::string HelpText() {
  return R"(
Usage: tshark [options] [filter]

This is dissectctl, which works like tshark 4.0 but lets the daemon at
$DISSECTD_SERVER do the work. Captures are made on the daemon's machine; files
are those of this machine.

What to read
  -r FILE                  a capture file; - for standard input
  -i, --interface IF       an interface of the daemon, by name or number
  -D, --list-interfaces    list the interfaces, and exit
  -L, --list-data-link-types, --list-time-stamp-types
                           list what the interface can do, and exit
Options of the interface before them, or of all interfaces
  -f FILTER                capture filter
  -s, --snapshot-length N  bytes of each packet to keep
  -p, --no-promiscuous-mode
  -I, --monitor-mode
  -B, --buffer-size N      the kernel's buffer in MiB
  -y, --linktype TYPE      link-layer type
  --time-stamp-type TYPE
When to stop
  -c N                     after N packets
  -a, --autostop COND      duration:SECONDS, filesize:KB, files:N, packets:N
  -b, --ring-buffer COND   next file after duration:SECONDS, filesize:KB,
                           packets:N, interval:SECONDS; keep files:N
How to dissect
  -2                       two passes
  -R FILTER                frames for the second pass
  -Y FILTER                frames to print or write
  -M N                     discard state every N packets of a capture
  -n, -N LETTERS           no names, or only some: d m n N t v
  -d TABLE==VALUE,PROTOCOL decode as
  -H FILE                  hosts file
  -o NAME:VALUE            preference
  -C PROFILE               profile of the daemon's machine to begin with
  -K FILE                  keytab, for Kerberos
  -X read_format:NAME, -X lua_script:FILE
                           reader of the file; script in Lua
  --enable-protocol NAME, --disable-protocol NAME
  --enable-heuristic NAME, --disable-heuristic NAME
What to print
  -T FORMAT                text, tabs, fields, json, jsonraw, ek, pdml, psml
  -V, -O PROTOCOLS         details, or those of some protocols only
  -P, --print              the summary line as well
  -x, --hexdump STYLE      bytes; "--hexdump help" explains the styles
  -S LINE                  separator line between packets
  -e FIELD, -E NAME=VALUE  fields, and how to print them
  -j NAMES, -J NAMES       only these protocols, without or with children
  --no-duplicate-keys      merge JSON members of the same name
  -t a|ad|adoy|d|dd|e|r|u|ud|udoy, -u s|hms
                           format of times
  -l, -q, -Q               flush each line; print less; print errors only
  --color                  color packets by the rules of the daemon's profile
What to write
  -w FILE                  write packets to a file; - for standard output
  -F TYPE, -W n            type of the file; write names of addresses, too
  --capture-comment COMMENT
                           comment of the file
  -g                       let the group read the file of a capture
  --compress-type TYPE     has no effect; gzip is refused in captures
  --temp-dir FOLDER        has no effect
Reports and exports
  -z REPORT                print a report; "-z help" lists them
  --export-objects PROTOCOL,FOLDER
                           write what was transferred to a folder
  --export-tls-session-keys FILE
                           write the keys of decrypted TLS sessions
Other
  -G [REPORT]              print a table of Wireshark; "-G help" lists them
  --elastic-mapping-filter PROTOCOLS
                           only these protocols in -G elastic-mapping
  -v, --version            print Wireshark's version
  -h, --help               print this

dissectd's documentation lists what differs from tshark, in docs/tshark.md. The
exit status is 3 if the daemon fails, or if frames are missing that crash a
dissector: tshark itself would have died at the first of them.

Examples:
  dissectctl tshark -r trace.pcap -Y dns -c 2
  dissectctl tshark -i lo -c 2 -T fields -e frame.number
)";
}

std::string HexDumpHelpText() {
  return R"(Styles of --hexdump, which can be given more than once:
  all      bytes of all data sources; the default
  frames   bytes of the frame only
  ascii    with text; the default
  delimit  with text between bars
  noascii  without text
  help     print this
)";
}

std::string ReportHelpText() {
  std::string text = "Reports of -G, of which \"fields\" is the default:\n";
  for (const std::string& report : GlossaryReports()) {
    absl::StrAppend(&text, "  ", report, "\n");
  }
  return text;
}

}  // namespace dissectd::cli::tshark

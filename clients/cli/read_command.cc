// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/read_command.h"

#include <memory>

#include "clients/cli/checked_command.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/read_options.h"
#include "clients/cli/reading.h"

namespace dissectd::cli {

void AddReadCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "read", "Dissect a capture file and print it as tshark does");
  const auto raw = std::make_shared<RawReadOptions>();
  AddReadOptions(command, raw.get());
  command->footer(
      "Exit status: 0 if all frames were read, 2 if the file can't be read to "
      "its end,\n3 if frames are missing that crash a dissector, or if the "
      "daemon failed.");
  AddExamples(
      command,
      {"dissectctl read dns.pcap", "dissectctl read dns.pcap -V -c 2",
       "dissectctl read dns.pcap -Y 'dns.flags.response == 1' -t ad",
       "dissectctl read dns.pcap -T fields -e frame.number -e dns.qry.name",
       "dissectctl read --local trace.pcap -T json -Y dns | less",
       "ssh router tcpdump -w - | dissectctl read --local -"});
  SetCheckedAction(command, raw, CheckReadOptions, ReadCapture, action);
}

}  // namespace dissectd::cli

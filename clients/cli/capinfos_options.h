// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPINFOS_OPTIONS_H_
#define CLIENTS_CLI_CAPINFOS_OPTIONS_H_

#include <set>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace dissectd::cli {

// A fact about a file, named by the letter of the capinfos option that prints
// it.
enum class Info : char {
  kFileType = 't',
  kEncapsulation = 'E',
  kInterfaces = 'I',
  kMore = 'F',
  kHashes = 'H',
  kComment = 'k',
  kPacketCount = 'c',
  kFileSize = 's',
  kDataSize = 'd',
  kSnapshotLength = 'l',
  kDuration = 'u',
  kFirstTime = 'a',
  kLastTime = 'e',
  kOrder = 'o',
  kByteRate = 'y',
  kBitRate = 'i',
  kPacketSize = 'z',
  kPacketRate = 'x',
  kNames = 'n',
  kSecrets = 'D',
};

// The options of `dissectctl capinfos`.
struct CapinfosOptions {
  std::vector<std::string> files;
  bool local = false;
  bool stop_after_failure = false;  // -C

  bool table = false;             // -T
  bool machine_readable = false;  // -M
  bool epoch_times = false;       // -S
  bool header = true;             // -r
  char separator = '\t';
  // 0 if there is none.
  char quote = '\0';

  // The facts to print: all of them, unless an option selects some.
  bool selects = false;
  std::set<Info> infos;

  bool Shows(Info info) const { return infos.count(info) != 0; }
};

// Adds the options to a command of the program. Later options override or
// extend earlier ones. `options` is not owned and outlives the command.
void AddCapinfosOptions(CLI::App* command, CapinfosOptions* options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPINFOS_OPTIONS_H_

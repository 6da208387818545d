// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPINFOS_OPTIONS_H_
#define CLIENTS_CLI_CAPINFOS_OPTIONS_H_

#include <set>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace dissectd::cli {

// What can be said of a file: by the letter of capinfos' option.
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
  kSnapLength = 'l',
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
  // 0 for none.
  char quote = '\0';

  // What is said: everything, until an option selects.
  bool selects = false;
  std::set<Info> infos;

  bool Shows(Info info) const { return infos.count(info) != 0; }
};

// Adds the options to a command of the program. Later ones supersede earlier
// ones or add to them. `options` is not owned; outlives the command.
void AddCapinfosOptions(CLI::App* command, CapinfosOptions* options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPINFOS_OPTIONS_H_

// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_SHARING_H_
#define CLIENTS_CLI_SHARING_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "google/protobuf/repeated_ptr_field.h"

namespace dissectd::cli {

using ReaderNames = google::protobuf::RepeatedPtrField<std::string>;

// Adds `--reader`. `readers` is not owned and outlives the command.
void AddReaders(CLI::App* command, std::vector<std::string>* readers);

// Prints who owns a file or a capture, and who else may read it.
void PrintSharing(const std::string& owner, const ReaderNames& readers,
                  bool with_head);

// Does the same below another table; prints nothing for what everybody shares.
void PrintSharingBelow(const std::string& owner, const ReaderNames& readers,
                       bool with_head);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_SHARING_H_

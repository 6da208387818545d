// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_CANDIDATES_H_
#define CLIENTS_CLI_COMPLETION_CANDIDATES_H_

#include <string>
#include <utility>
#include <vector>

namespace dissectd::cli {

// A text that may stand in place of what the user has typed of it.
struct Candidate {
  std::string text;
  // Its meaning, for people; may be empty.
  std::string description;
};

// What a shell can offer at the cursor.
struct Candidates {
  enum class Kind {
    // Texts that are complete, so that a space follows the only one.
    kWhole,
    // Texts that may go on.
    kParts,
    // The files of this machine, which shells know how to list.
    kLocalFiles,
  };

  Kind kind = Kind::kWhole;
  std::vector<Candidate> list;

  void Add(std::string text, std::string description = "") {
    list.push_back({std::move(text), std::move(description)});
  }
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_CANDIDATES_H_

// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_SHARKD_PROCESS_H_
#define TESTS_E2E_SHARKD_PROCESS_H_

#include <sys/types.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

// gtest would print a value of JSON as a container of itself, without an end.
namespace nlohmann {
inline void PrintTo(const json& value, std::ostream* out) {
  *out << value.dump();
}
}  // namespace nlohmann

namespace dissectd {

// The real sharkd, which answers questions about one capture.
class SharkdProcess {
 public:
  // Starts it without settings of a user.
  SharkdProcess();
  // Ends it.
  ~SharkdProcess();
  SharkdProcess(const SharkdProcess&) = delete;
  SharkdProcess& operator=(const SharkdProcess&) = delete;

  // Calls a method and returns its result. Fails the test and returns nothing
  // if sharkd answers with an error.
  nlohmann::json Ask(const std::string& method,
                     const nlohmann::json& parameters = {});
  // Calls a method that must fail, and returns the message of the error.
  std::string AskInVain(const std::string& method,
                        const nlohmann::json& parameters = {});
  // Makes one tap, and returns its result.
  nlohmann::json Tap(const std::string& tap);

 private:
  nlohmann::json Call(const std::string& method,
                      const nlohmann::json& parameters);

  pid_t pid_ = 0;
  // The socket, for both directions.
  std::FILE* stream_ = nullptr;
  int calls_ = 0;
};

}  // namespace dissectd

#endif  // TESTS_E2E_SHARKD_PROCESS_H_

// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/policy_files.h"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

namespace dissectd {
namespace {

using Json = nlohmann::json;

// The hashes that `printf TOKEN | sha256sum` prints.
constexpr char kTokens[] =
    "viewer sha256:"
    "071e76f42a9851bd00d9f92a9e13e5f11180387ebcdeb22b0b4e2c2943072e69 viewers\n"
    "analyst sha256:"
    "e68699bca56d4cd02e97be47a85f3516e8d3106ea5df28816bdc8cc4ca4c49c1 "
    "analysts\n"
    "capturer sha256:"
    "d7cb7cb65a40319e127ee477476d4ec1fb79f76b5f9cb9def4f37b8d2d847a5d "
    "capturers\n"
    "admin sha256:"
    "520aafc39a67be612700c8ae60a07600bc4fcf87a450ce24fc53830234124f01 admins\n"
    "lab sha256:"
    "5d632843479b6e674c4d608c16a50f74120445aa67a5c4b36d0f7f854ed33018\n"
    "nobody sha256:"
    "b47f0634577d1fbc9331b23eeade124a92b9349682d607cab9f248ddc5273775\n";

// Returns the shipped policy with another role, for the folder `lab`.
std::string Policy() {
  std::ifstream file("deploy/policy/roles.json");
  Json policy = Json::parse(file);
  Json lab = policy["roles"]["analyst"];
  lab["paths"] = {"lab"};
  policy["roles"]["lab"] = lab;
  policy["bindings"].push_back(
      {{"principals", {"token:lab"}}, {"roles", {"lab"}}});
  return policy.dump();
}

}  // namespace

void Authorize(grpc::ClientContext* context, const std::string& token) {
  context->AddMetadata("authorization", "Bearer " + token);
}

PolicyFiles::PolicyFiles() {
  folder_.Write("tokens", kTokens);
  WritePolicy(Policy());
}

std::vector<std::string> PolicyFiles::Arguments() const {
  return {TokenOption(), PolicyOption(), "--audit-log=" + AuditLog()};
}

std::string PolicyFiles::TokenOption() const {
  return "--token-file=" + folder_.path() + "/tokens";
}

std::string PolicyFiles::PolicyOption() const {
  return "--policy=" + folder_.path() + "/policy";
}

void PolicyFiles::WritePolicy(const std::string& text) const {
  folder_.Write("next", text);
  std::rename((folder_.path() + "/next").c_str(),
              (folder_.path() + "/policy").c_str());
}

}  // namespace dissectd

// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/restart.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/error.h"
#include "core/base/read_files.h"
#include "core/base/status_macros.h"
#include "core/ipc/descriptors.h"
#include "core/ipc/struct_bytes.h"
#include "core/worker/final_status.h"

namespace dissectd::engine {
namespace {

constexpr char kProgram[] = "/proc/self/exe";

// The state as bytes: this; texts, each with its length before it: the profile,
// the engine's folder, and the name, the content and the arguments of each
// script with their number; and for each message a MessageRecord with its
// payload.
struct StateRecord {
  WorkerStart start;
  uint32_t pass_workers;
  uint32_t scripts;
  uint32_t messages;
};

struct MessageRecord {
  ipc::MessageType type;
  ipc::RequestId request_id;
  uint32_t payload_bytes;
  uint32_t descriptor_count;
  int descriptors[ipc::kMaxDescriptors];
};

absl::Status Error(absl::string_view what) {
  return absl::InternalError(
      absl::StrCat("a worker can't begin again: ", what));
}

absl::Status ErrnoError(absl::string_view what) {
  return Error(absl::StrCat(what, ": ", std::strerror(errno)));
}

std::string BytesOfMessage(const WorkerChannel::Message& message) {
  MessageRecord record = {};
  record.type = message.type;
  record.request_id = message.request_id;
  record.payload_bytes = static_cast<uint32_t>(message.payload.size());
  for (const int fd : message.descriptors) {
    if (record.descriptor_count == ipc::kMaxDescriptors) break;
    record.descriptors[record.descriptor_count++] = fd;
  }
  return absl::StrCat(ipc::BytesOf(record), message.payload);
}

std::string BytesOfText(absl::string_view text) {
  return absl::StrCat(ipc::BytesOf(static_cast<uint32_t>(text.size())), text);
}

std::string BytesOfScript(const LuaScript& script) {
  std::string bytes = absl::StrCat(
      BytesOfText(script.name), BytesOfText(script.content),
      ipc::BytesOf(static_cast<uint32_t>(script.arguments.size())));
  for (const std::string& argument : script.arguments) {
    bytes += BytesOfText(argument);
  }
  return bytes;
}

std::string BytesOfState(const RestartState& state) {
  StateRecord record = {};
  record.start = state.start;
  record.pass_workers = state.pass_workers;
  record.scripts = static_cast<uint32_t>(state.options.lua_scripts.size());
  record.messages = static_cast<uint32_t>(state.messages.size());
  std::string bytes =
      absl::StrCat(ipc::BytesOf(record), BytesOfText(state.options.profile),
                   BytesOfText(state.engine_folder));
  for (const LuaScript& script : state.options.lua_scripts) {
    bytes += BytesOfScript(script);
  }
  for (const WorkerChannel::Message& message : state.messages) {
    bytes += BytesOfMessage(message);
  }
  return bytes;
}

bool TakeBytes(absl::string_view* bytes, size_t size, std::string* text) {
  if (bytes->size() < size) return false;
  *text = std::string(bytes->substr(0, size));
  bytes->remove_prefix(size);
  return true;
}

bool TakeText(absl::string_view* bytes, std::string* text) {
  uint32_t size = 0;
  return ipc::TakeStruct(bytes, &size) && TakeBytes(bytes, size, text);
}

bool TakeScript(absl::string_view* bytes, LuaScript* script) {
  uint32_t arguments = 0;
  if (!TakeText(bytes, &script->name) || !TakeText(bytes, &script->content) ||
      !ipc::TakeStruct(bytes, &arguments)) {
    return false;
  }
  for (; arguments > 0; --arguments) {
    if (!TakeText(bytes, &script->arguments.emplace_back())) return false;
  }
  return true;
}

bool TakeMessage(absl::string_view* bytes, WorkerChannel::Message* message) {
  MessageRecord record;
  if (!ipc::TakeStruct(bytes, &record) ||
      record.descriptor_count > ipc::kMaxDescriptors) {
    return false;
  }
  message->type = record.type;
  message->request_id = record.request_id;
  message->descriptors.assign(record.descriptors,
                              record.descriptors + record.descriptor_count);
  return TakeBytes(bytes, record.payload_bytes, &message->payload);
}

bool TakeState(absl::string_view bytes, RestartState* state) {
  StateRecord record;
  if (!ipc::TakeStruct(&bytes, &record) ||
      !TakeText(&bytes, &state->options.profile) ||
      !TakeText(&bytes, &state->engine_folder)) {
    return false;
  }
  state->start = record.start;
  state->pass_workers = record.pass_workers;
  state->options.lua_scripts.resize(record.scripts);
  state->messages.resize(record.messages);
  for (LuaScript& script : state->options.lua_scripts) {
    if (!TakeScript(&bytes, &script)) return false;
  }
  for (WorkerChannel::Message& message : state->messages) {
    if (!TakeMessage(&bytes, &message)) return false;
  }
  return true;
}

// Sets the flags of the descriptors that a worker needs when it begins again:
// without FD_CLOEXEC, it keeps them when it executes a program.
absl::Status SetDescriptorFlags(const RestartState& state, int flags) {
  std::vector<int> kept = {state.start.fds.channel, state.start.fds.status_page,
                           state.start.fds.capture};
  for (const WorkerChannel::Message& message : state.messages) {
    kept.insert(kept.end(), message.descriptors.begin(),
                message.descriptors.end());
  }
  for (const int fd : kept) {
    if (fcntl(fd, F_SETFD, flags) != 0) return ErrnoError("a descriptor");
  }
  return absl::OkStatus();
}

// Returns the words of this process's command line.
std::vector<std::string> Arguments() {
  const std::string text = ContentOf("/proc/self/cmdline");
  std::vector<std::string> words = absl::StrSplit(text, '\0');
  // Each word ends with a NUL.
  words.pop_back();
  return words;
}

}  // namespace

absl::Status Restart(const RestartState& state) {
  // It is inherited, and nobody else can open it.
  const int fd = memfd_create("restart", 0);
  if (fd < 0) return ErrnoError("memfd_create");
  const std::string bytes = BytesOfState(state);
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t written = write(fd, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoError("write");
    done += static_cast<size_t>(written);
  }
  RETURN_IF_ERROR(SetDescriptorFlags(state, 0));
  std::vector<std::string> words = Arguments();
  words.push_back(absl::StrCat(kRestartOption, "=", fd));
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(kProgram, argv.data());
  return ErrnoError("execv");
}

absl::StatusOr<RestartState> ReadRestartState(int fd) {
  std::string content;
  char buffer[64 << 10];
  ssize_t count = 0;
  while ((count = pread(fd, buffer, sizeof(buffer),
                        static_cast<off_t>(content.size()))) > 0) {
    content.append(buffer, static_cast<size_t>(count));
  }
  if (count < 0) return ErrnoError("pread");
  close(fd);
  RestartState state;
  if (!TakeState(content, &state)) return Error("its state is too short");
  // Programs that scripts start would keep the call open.
  RETURN_IF_ERROR(SetDescriptorFlags(state, FD_CLOEXEC));
  return state;
}

int FailRestart(const absl::Status& error, const RestartState& state) {
  WorkerChannel channel(state.start.fds.channel);
  if (!state.messages.empty()) {
    channel.set_request(state.messages.back().request_id);
  }
  // Other errors are about the profile.
  if (absl::IsInternal(error)) return SendFinalStatus(error, &channel);
  return SendFinalStatus(
      MakeError(absl::StatusCode::kFailedPrecondition,
                absl::StrCat("The profile \"", state.options.profile,
                             "\" can't be used: ", error.message()),
                {"PROFILE_UNUSABLE", {{"profile", state.options.profile}}, {}}),
      &channel);
}

}  // namespace dissectd::engine

// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/file_merge.h"

#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/encode/read_error.h"
#include "core/epan/format_order.h"
#include "core/epan/merge.h"
#include "core/epan/report_routines.h"
#include "core/epan/wireshark_version.h"
#include "core/epan/write_error.h"
#include "core/epan/wtap_error.h"
#include "core/sandbox/worker_sandbox.h"

namespace dissectd::engine {
namespace {

// What the function below knows.
struct Progress {
  const FileMerge* merge;
  const OutputFile* output;
  uint32_t records = 0;
  bool too_large = false;
};

// Returns TRUE to end the merge. libwireshark calls it.
WsBool OnEvent(merge_event event, int, const merge_in_file_t files[],
               guint count, void* data) {
  auto* const progress = static_cast<Progress*>(data);
  if (event == MERGE_EVENT_INPUT_FILES_OPENED) {
    // The comment of the section contains the names, which the list that these
    // belong to allows to change.
    for (guint i = 0; i < count; ++i) {
      const_cast<merge_in_file_t&>(files[i]).filename =
          progress->merge->names[i].c_str();
    }
  }
  if (event != MERGE_EVENT_RECORD_WAS_READ) return FALSE;
  if (++progress->records % kRecordsBetweenSizeChecks != 0) return FALSE;
  progress->too_large = !CheckFileSize(*progress->output).ok();
  return progress->too_large ? TRUE : FALSE;
}

idb_merge_mode ModeOf(InterfaceMerge interfaces) {
  switch (interfaces) {
    case InterfaceMerge::kNone:
      return IDB_MERGE_MODE_NONE;
    case InterfaceMerge::kAny:
      return IDB_MERGE_MODE_ANY_SAME;
    case InterfaceMerge::kAll:
    case InterfaceMerge::kUnspecified:
      break;
  }
  return IDB_MERGE_MODE_ALL_SAME;
}

// What merge_files tells about an error.
struct Problem {
  WtapError error;
  guint file = 0;
  guint32 frame = 0;
};

// What merge_files needs.
struct Arguments {
  int type;
  const std::vector<const char*>& files;
  bool append;
  idb_merge_mode mode;
  const std::string& program;
  merge_progress_callback_t* callback;
};

#if WIRESHARK_VERSION_MINOR == 0

merge_result MergeToStdout(const Arguments& arguments, const FileMerge&,
                           Problem* problem) {
  char* info = nullptr;
  const merge_result result = merge_files_to_stdout(
      arguments.type, arguments.files.data(),
      static_cast<guint>(arguments.files.size()),
      arguments.append ? TRUE : FALSE, arguments.mode, /*snaplen=*/0,
      arguments.program.c_str(), arguments.callback, &problem->error.code,
      &info, &problem->file, &problem->frame);
  problem->error.info.reset(info);
  return result;
}

#else

// The results of 4.0. In 4.4, merge_files only tells whether it succeeded, and
// gives the reason to the report routines.
enum merge_result {
  MERGE_OK,
  MERGE_ERR_CANT_OPEN_INFILE,
  MERGE_ERR_CANT_OPEN_OUTFILE,
  MERGE_ERR_CANT_READ_INFILE,
  MERGE_ERR_BAD_PHDR_INTERFACE_ID,
  MERGE_ERR_CANT_WRITE_OUTFILE,
  MERGE_ERR_CANT_CLOSE_OUTFILE,
  MERGE_ERR_OTHER,
};

// The first reason of the current merge. Report routines have no user data.
struct Reported {
  merge_result result = MERGE_OK;
  std::string file;
  Problem problem;
};
Reported* reported = nullptr;

void Note(merge_result result, const char* file, int error, char* info,
          uint64_t frame) {
  GCharPtr owned(info);
  if (reported->result != MERGE_OK) return;
  reported->result = result;
  reported->file = file == nullptr ? "" : file;
  reported->problem.error = {error, std::move(owned)};
  reported->problem.frame = static_cast<guint32>(frame);
}

// Interfaces that a file doesn't describe are reported as text, which begins
// with the number of the record and the name of the file.
void NoteFailure(const char* format, va_list arguments) {
  GCharPtr text(g_strdup_vprintf(format, arguments));
  unsigned frame = 0;
  char name[PATH_MAX] = "";
  const bool is_interface =
      std::sscanf(text.get(), "Record %u of \"%4095[^\"]\"", &frame, name) == 2;
  Note(is_interface ? MERGE_ERR_BAD_PHDR_INTERFACE_ID : MERGE_ERR_OTHER, name,
       WTAP_ERR_BAD_FILE, text.release(), frame);
}

constexpr report_message_routines kRoutines = {
    NoteFailure,
    NoteFailure,
    [](const char* file, int error, bool for_writing) {
      Note(for_writing ? MERGE_ERR_CANT_OPEN_OUTFILE
                       : MERGE_ERR_CANT_OPEN_INFILE,
           file, error, nullptr, 0);
    },
    [](const char* file, int error) {
      Note(MERGE_ERR_CANT_READ_INFILE, file, error, nullptr, 0);
    },
    [](const char* file, int error) {
      Note(MERGE_ERR_CANT_WRITE_OUTFILE, file, error, nullptr, 0);
    },
    [](const char* file, int error, char* info) {
      Note(MERGE_ERR_CANT_OPEN_INFILE, file, error, info, 0);
    },
    [](const char* file, int error, char* info, int) {
      Note(MERGE_ERR_CANT_OPEN_OUTFILE, file, error, info, 0);
    },
    [](const char* file, int error, char* info) {
      Note(MERGE_ERR_CANT_READ_INFILE, file, error, info, 0);
    },
    [](const char* file, const char*, int error, char* info, uint64_t frame,
       int) { Note(MERGE_ERR_CANT_WRITE_OUTFILE, file, error, info, frame); },
    [](const char* file, int error, char* info) {
      Note(MERGE_ERR_CANT_CLOSE_OUTFILE, file, error, info, 0);
    },
};

// Returns the number of the input with this name or path; 0 if there is none.
guint NumberOfInput(const std::string& file, const Arguments& arguments,
                    const FileMerge& merge) {
  for (size_t i = 0; i < arguments.files.size(); ++i) {
    if (file == arguments.files[i] || file == merge.names[i]) {
      return static_cast<guint>(i);
    }
  }
  return 0;
}

merge_result MergeToStdout(const Arguments& arguments, const FileMerge& merge,
                           Problem* problem) {
  Reported first;
  reported = &first;
  const char* const name = arguments.program.c_str();
  init_report_message(name, &kRoutines);
  const bool merged =
      merge_files_to_stdout(arguments.type, arguments.files.data(),
                            static_cast<guint>(arguments.files.size()),
                            arguments.append, arguments.mode, /*snaplen=*/0,
                            name, arguments.callback, WTAP_UNCOMPRESSED);
  InitReportRoutines(name);
  reported = nullptr;
  if (merged) return MERGE_OK;
  *problem = std::move(first.problem);
  problem->file = NumberOfInput(first.file, arguments, merge);
  return first.result == MERGE_OK ? MERGE_ERR_OTHER : first.result;
}

#endif

absl::Status StatusOf(merge_result result, const Problem& problem,
                      const std::string& name, const std::string& type) {
  switch (result) {
    case MERGE_ERR_CANT_OPEN_INFILE:
      return OpenErrorStatus(problem.error, name);
    case MERGE_ERR_CANT_OPEN_OUTFILE:
      return WriteBeginError(problem.error, type);
    case MERGE_ERR_CANT_WRITE_OUTFILE:
      return WriteError(problem.error, name, problem.frame, type);
    case MERGE_ERR_CANT_CLOSE_OUTFILE:
      return WriteEndError(problem.error, type);
    default:
      return absl::InternalError(
          absl::StrCat("merging failed with result ", result));
  }
}

// Returns the failure of a capture with an interface that it doesn't describe.
std::string InterfaceMissing(const Problem& problem, const std::string& name) {
  return SerializeFailure(MakeError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat("Record ", problem.frame, " of \"", name,
                   "\" has an interface ID that does not match any IDB in its "
                   "file."),
      {WtapErrorReason({WTAP_ERR_BAD_FILE, nullptr}), {}, {}}));
}

absl::Status BecomeStandardOutput(int fd) {
  // merge_files would open a path, for which workers have no right.
  if (dup2(fd, STDOUT_FILENO) == STDOUT_FILENO) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, "can't replace the standard output");
}

}  // namespace

absl::StatusOr<MergedFrames> MergeCaptures(const FileMerge& merge,
                                           const OutputType& type,
                                           const OutputFile& output) {
  for (const int fd : merge.inputs) WorkerSandbox::AllowReading(fd);
  RETURN_IF_ERROR(WorkerSandbox::ConfineReading());
  RETURN_IF_ERROR(BecomeStandardOutput(output.fd));
  std::vector<std::string> paths;
  for (const int fd : merge.inputs) {
    paths.push_back(absl::StrCat("/proc/self/fd/", fd));
  }
  std::vector<const char*> files;
  files.reserve(paths.size());
  for (const std::string& path : paths) files.push_back(path.c_str());
  const std::string program =
      absl::StrCat("dissectd (Wireshark ", epan_get_version(), ")");
  Progress progress = {&merge, &output};
  merge_progress_callback_t callback = {OnEvent, &progress};
  // There is only one order for all files.
  const std::string& first = merge.names.front();
  const FormatOrder order(first.substr(first.rfind('/') + 1));
  Problem problem;
  const merge_result result =
      MergeToStdout({type.number(), files, merge.append,
                     ModeOf(merge.interfaces), program, &callback},
                    merge, &problem);
  const std::string& name =
      merge.names[problem.file < merge.names.size() ? problem.file : 0];
  MergedFrames merged;
  merged.read = progress.records;
  merged.written = progress.records;
  if (result == MERGE_ERR_CANT_READ_INFILE) {
    merged.read_error = ReadErrorBytes(problem.error, name);
  } else if (result == MERGE_ERR_BAD_PHDR_INTERFACE_ID) {
    merged.read_error = InterfaceMissing(problem, name);
    --merged.written;
  } else if (result != MERGE_OK && !progress.too_large) {
    return StatusOf(result, problem, name, type.name());
  }
  RETURN_IF_ERROR(CheckFileSize(output));
  return merged;
}

}  // namespace dissectd::engine

// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_REPORT_H_
#define CORE_ANALYSIS_REPORT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {

// Where a report goes: dissectd.v1.ReportResult.
class ReportSink {
 public:
  virtual ~ReportSink() = default;

  // Sends a part of the report. `table` is the serialised table with the rows
  // of this part, of the kind that the report's type says; empty for none.
  // `text` is what tshark prints, and is dropped unless the client wants it.
  // Parts should have some hundred kilobytes at most.
  virtual absl::Status Send(absl::string_view table,
                            absl::string_view text) = 0;

  // Sends what tshark prints while it reads the capture.
  virtual absl::Status SendWhileReading(absl::string_view text) = 0;

  // Tells the client something about the report, apart from its text.
  virtual void AddNotice(absl::string_view /*notice*/) {}

  // Whether the client wants texts.
  virtual bool wants_text() const = 0;
};

// What reports know about the run.
struct ReportEnvironment {
  // The name of the capture's file, without folders.
  std::string capture_name;
  // Outlives the report.
  ReportSink* sink = nullptr;
  // In Finish: the greatest relative time of a frame that was read, also of
  // those that the read filter leaves out. 0 if reports are about some frames
  // only. Outlives the report; null if the capture is running.
  const nstime_t* elapsed = nullptr;
};

// One of the reports of `tshark -z`. It listens to libwireshark's taps while
// all frames of a capture are dissected once. It is used for one run only.
class Report {
 public:
  virtual ~Report() = default;

  // Registers the listeners. Called before the first frame is dissected.
  // Errors: INVALID_ARGUMENT (REPORT_ARGUMENT_INVALID, DISPLAY_FILTER_INVALID),
  // with the message of tshark. If tshark goes on without the report, it only
  // adds a notice, and sends nothing in Finish.
  virtual absl::Status Begin(const ReportEnvironment& environment) = 0;

  // Sends the report. Called after the last frame, also of a damaged capture.
  virtual absl::Status Finish() = 0;
};

// A kind of report.
struct ReportType {
  // The name in the list of `tshark -z help`.
  std::string name;
  // The arguments that follow the name, for people.
  std::string usage;
  schema::TableKind table;
  // Makes a report. `argument` is all of what follows `-z`, and begins with the
  // name. Errors: REPORT_ARGUMENT_INVALID.
  std::function<absl::StatusOr<std::unique_ptr<Report>>(
      const std::string& argument)>
      make;
};

// Returns the error of an argument that tshark refuses with `message`, after
// which it exits with `exit_status`.
absl::Status ReportArgumentError(absl::string_view message,
                                 int exit_status = 1);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_REPORT_H_

// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/captures_command.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/capture_files.h"
#include "clients/cli/capture_name.h"
#include "clients/cli/capture_tables.h"
#include "clients/cli/capture_text.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/pages.h"
#include "clients/cli/rates_options.h"
#include "clients/cli/sharing.h"
#include "clients/cli/stored_file.h"
#include "clients/cli/table.h"
#include "dissectd/v1/capture.grpc.pb.h"
#include "google/protobuf/util/time_util.h"

namespace dissectd::cli {
namespace {

void Print(const std::string& text) { std::fputs(text.c_str(), stdout); }

ExitCode RunList(const std::shared_ptr<grpc::Channel>& channel,
                 bool with_head) {
  Table table(CaptureColumns(), with_head);
  const auto stub = v1::CaptureService::NewStub(channel);
  return ReportStatus(ForEachPage(
      stub.get(), &v1::CaptureService::Stub::ListCaptures,
      v1::ListCapturesRequest(), [&](const v1::ListCapturesResponse& page) {
        for (const v1::Capture& capture : page.captures()) {
          table.Print(CaptureCells(capture));
        }
      }));
}

grpc::Status RunGet(const std::shared_ptr<grpc::Channel>& channel,
                    const std::string& resource, bool with_head) {
  grpc::ClientContext context;
  v1::GetCaptureRequest request;
  request.set_name(resource);
  v1::GetCaptureResponse response;
  const grpc::Status status = v1::CaptureService::NewStub(channel)->GetCapture(
      &context, request, &response);
  if (!status.ok()) return status;
  Table table(CaptureColumns(), with_head);
  table.Print(CaptureCells(response.capture()));
  PrintSharingBelow(response.capture().owner(), response.capture().readers(),
                    with_head);
  if (response.capture().file_count() > 0) Print("\n");
  Table files(CaptureFileColumns(), with_head);
  return ForEachCaptureFile(channel, resource,
                            [&files](const v1::CaptureFile& file) {
                              files.Print(CaptureFileCells(file));
                            });
}

grpc::Status RunDelete(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& resource, bool delete_files) {
  grpc::ClientContext context;
  v1::DeleteCaptureRequest request;
  request.set_name(resource);
  request.set_delete_files(delete_files);
  v1::DeleteCaptureResponse response;
  return v1::CaptureService::NewStub(channel)->DeleteCapture(&context, request,
                                                             &response);
}

grpc::Status RunWatch(const std::shared_ptr<grpc::Channel>& channel,
                      const std::string& resource, uint64_t after,
                      bool with_head) {
  Table table(CaptureEventColumns(), with_head);
  const auto stub = v1::CaptureService::NewStub(channel);
  grpc::ClientContext context;
  v1::WatchCaptureRequest request;
  request.set_name(resource);
  request.set_after_sequence(after);
  const auto reader = stub->WatchCapture(&context, request);
  v1::WatchCaptureResponse response;
  while (reader->Read(&response)) {
    table.Print(CaptureEventCells(response.event()));
    std::fflush(stdout);
  }
  return reader->Finish();
}

grpc::Status RunRates(const std::shared_ptr<grpc::Channel>& channel,
                      const std::string& resource, double interval,
                      uint32_t top, bool with_head) {
  Table table(RatesColumns(), with_head);
  const auto stub = v1::CaptureService::NewStub(channel);
  grpc::ClientContext context;
  v1::WatchCaptureStatisticsRequest request;
  request.set_name(resource);
  *request.mutable_interval() =
      google::protobuf::util::TimeUtil::MillisecondsToDuration(
          std::lround(interval * 1000));
  request.set_top_protocols(top);
  const auto reader = stub->WatchCaptureStatistics(&context, request);
  v1::WatchCaptureStatisticsResponse response;
  while (reader->Read(&response)) {
    table.Print(RatesCells(response));
    std::fflush(stdout);
  }
  return reader->Finish();
}

grpc::Status RunStop(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& resource, bool kill) {
  grpc::ClientContext context;
  v1::StopCaptureRequest request;
  request.set_name(resource);
  request.set_mode(kill ? v1::STOP_MODE_KILL : v1::STOP_MODE_GRACEFUL);
  v1::StopCaptureResponse response;
  const grpc::Status status = v1::CaptureService::NewStub(channel)->StopCapture(
      &context, request, &response);
  if (status.ok()) {
    Print(DropLines(response.capture()));
    Print(PacketCountLine(response.capture().packets_written()));
  }
  return status;
}

grpc::Status RunShare(const std::shared_ptr<grpc::Channel>& channel,
                      const std::string& resource,
                      const std::vector<std::string>& readers, bool with_head) {
  grpc::ClientContext context;
  v1::ShareCaptureRequest request;
  request.set_name(resource);
  request.mutable_readers()->Assign(readers.begin(), readers.end());
  v1::ShareCaptureResponse response;
  const grpc::Status status =
      v1::CaptureService::NewStub(channel)->ShareCapture(&context, request,
                                                         &response);
  if (status.ok()) {
    PrintSharing(response.capture().owner(), response.capture().readers(),
                 with_head);
  }
  return status;
}

// The arguments of the commands on captures.
struct Operands {
  std::string name;
  std::vector<std::string> readers;
  bool delete_files = false;
  bool kill = false;
  uint64_t after = 0;
  double interval = 1;
  uint32_t top = 5;
  bool no_headers = false;
};

// Adds a command that takes the name of a capture.
CLI::App* AddCommandOnCapture(
    CLI::App* parent, const char* name, const char* help,
    const std::shared_ptr<Operands>& operands, Action* action,
    ShortNames short_names,
    std::function<grpc::Status(const std::shared_ptr<grpc::Channel>& channel,
                               const std::string& resource,
                               const Operands& operands)>
        run) {
  CLI::App* command = parent->add_subcommand(name, help);
  AddOperand(command, "CAPTURE", &operands->name,
             short_names == ShortNames::kFind
                 ? "Name of the capture, its first digits, or a file of it"
                 : "Name of the capture");
  command->callback([operands, action, short_names, run = std::move(run)] {
    *action = [operands, short_names,
               run](const std::shared_ptr<grpc::Channel>& channel) {
      return ReportStatus(CallOnCapture(channel, operands->name, short_names,
                                        [&](const std::string& resource) {
                                          return run(channel, resource,
                                                     *operands);
                                        }));
    };
  });
  return command;
}

void AddShareCommand(CLI::App* captures,
                     const std::shared_ptr<Operands>& operands,
                     Action* action) {
  CLI::App* share = AddCommandOnCapture(
      captures, "share", "Say who may read a capture and its files", operands,
      action, ShortNames::kList,
      [](const auto& channel, const auto& resource, const Operands& given) {
        return RunShare(channel, resource, given.readers, !given.no_headers);
      });
  AddReaders(share, &operands->readers);
  AddNoHeaders(share, &operands->no_headers);
  AddExamples(share,
              {"capture=$(dissectctl capture -i lo --detach -c 10)",
               "dissectctl captures share \"$capture\" --reader token:alice",
               "dissectctl captures share \"$capture\""});
}

void AddCapturesCommand(CLI::App* program,
                        const std::shared_ptr<Operands>& operands,
                        Action* action) {
  CLI::App* captures =
      program->add_subcommand("captures", "List and manage captures");
  captures->require_subcommand(0, 1);
  const Action list =
      [operands](const std::shared_ptr<grpc::Channel>& channel) {
        return RunList(channel, !operands->no_headers);
      };
  captures->callback([captures, action, list] {
    if (captures->get_subcommands().empty()) *action = list;
  });
  AddNoHeaders(captures, &operands->no_headers);
  CLI::App* list_command =
      captures->add_subcommand("list", "List captures; the default");
  list_command->callback([action, list] { *action = list; });
  AddNoHeaders(list_command, &operands->no_headers);
  AddExamples(
      list_command,
      {"dissectctl capture -i lo --detach -c 10", "dissectctl captures list",
       "dissectctl captures list --no-headers | awk '{ print $1 }'"});
  CLI::App* get = AddCommandOnCapture(
      captures, "get", "Show one capture and its files", operands, action,
      ShortNames::kFind,
      [](const auto& channel, const auto& resource, const Operands& given) {
        return RunGet(channel, resource, !given.no_headers);
      });
  AddNoHeaders(get, &operands->no_headers);
  AddExamples(get, {"capture=$(dissectctl capture -i lo --detach -c 10)",
                    "dissectctl captures get \"$capture\""});
  CLI::App* remove = AddCommandOnCapture(
      captures, "delete", "Delete an ended capture", operands, action,
      ShortNames::kList,
      [](const auto& channel, const auto& resource, const Operands& given) {
        return RunDelete(channel, resource, given.delete_files);
      });
  remove->add_flag("--files", operands->delete_files,
                   "Delete its files, too, which otherwise stay in the store");
  AddExamples(remove, {"capture=$(dissectctl capture -i lo --detach -c 10)",
                       "dissectctl watch \"$capture\"",
                       "dissectctl captures delete --files \"$capture\""});
  AddShareCommand(captures, operands, action);
  AddExamples(captures,
              {"capture=$(dissectctl capture -i lo --detach -c 10)",
               "dissectctl captures", "dissectctl captures get \"$capture\"",
               "dissectctl stop \"$capture\"",
               "dissectctl captures delete --files \"$capture\""});
}

void AddWatchCommand(CLI::App* program,
                     const std::shared_ptr<Operands>& operands,
                     Action* action) {
  CLI::App* watch = AddCommandOnCapture(
      program, "watch", "Print the events of a capture until it ends", operands,
      action, ShortNames::kFind,
      [](const auto& channel, const auto& resource, const Operands& given) {
        return RunWatch(channel, resource, given.after, !given.no_headers);
      });
  watch
      ->add_option("--after", operands->after,
                   "Only events after this one, by its number")
      ->type_name("EVENT");
  AddNoHeaders(watch, &operands->no_headers);
  AddExamples(watch, {"capture=$(dissectctl capture -i lo --detach -c 10)",
                      "dissectctl watch \"$capture\"",
                      "dissectctl watch \"$capture\" --after 2 --no-headers"});
}

void AddRatesCommand(CLI::App* program,
                     const std::shared_ptr<Operands>& operands,
                     Action* action) {
  CLI::App* rates = AddCommandOnCapture(
      program, "rates", "Print rates and top protocols of a capture", operands,
      action, ShortNames::kFind,
      [](const auto& channel, const auto& resource, const Operands& given) {
        return RunRates(channel, resource, given.interval, given.top,
                        !given.no_headers);
      });
  AddRatesOptions(rates, &operands->interval, &operands->top);
  AddNoHeaders(rates, &operands->no_headers);
  AddExamples(rates,
              {"capture=$(dissectctl capture -i lo --detach -a duration:2)",
               "dissectctl rates \"$capture\" --interval 0.5 --top 3"});
}

void AddStopCommand(CLI::App* program,
                    const std::shared_ptr<Operands>& operands, Action* action) {
  CLI::App* stop = AddCommandOnCapture(
      program, "stop", "Stop a capture, and print its totals", operands, action,
      ShortNames::kFind,
      [](const auto& channel, const auto& resource, const Operands& given) {
        return RunStop(channel, resource, given.kill);
      });
  stop->add_flag("--kill", operands->kill, "Stop at once; packets may be lost");
  AddExamples(stop, {"capture=$(dissectctl capture -i lo --detach)",
                     "dissectctl stop \"$capture\""});
}

}  // namespace

void AddCapturesCommands(CLI::App* program, Action* action) {
  const auto operands = std::make_shared<Operands>();
  AddCapturesCommand(program, operands, action);
  AddWatchCommand(program, operands, action);
  AddRatesCommand(program, operands, action);
  AddStopCommand(program, operands, action);
}

}  // namespace dissectd::cli

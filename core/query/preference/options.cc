// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/preference/options.h"

#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/base/wire_bool.h"
#include "core/epan/display_filter.h"
#include "core/epan/library.h"
#include "core/epan/preference_modules.h"
#include "core/epan/secret_preferences.h"
#include "core/epan/warning_collector.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/preference.schema.h"

namespace dissectd::engine {
namespace {

std::string DiagnosticMessage(absl::string_view part,
                              const absl::Status& error) {
  std::string message;
  protozero::pbf_builder<schema::OptionDiagnostic> out(message);
  out.add_string(schema::OptionDiagnostic::kPart, std::string(part));
  out.add_int32(schema::OptionDiagnostic::kCode,
                static_cast<int32_t>(error.code()));
  out.add_message(schema::OptionDiagnostic::kFailure, SerializeFailure(error));
  return message;
}

absl::Status CheckReadFilter(const DissectionOptions& options) {
  if (!options.two_pass) return absl::OkStatus();
  return CompileDisplayFilter(options.read_filter).status();
}

}  // namespace

WorkerPolicy PolicyOf(const QueryContext& context) {
  WorkerPolicy policy;
  policy.allow_external_resolver = context.allow_external_resolver;
  policy.allow_lua = context.allow_lua;
  policy.restart = context.restart;
  return policy;
}

absl::Status ApplyQueryOptions(const QueryContext& context,
                               const DissectionOptions& options) {
  context.epan->Close();
  return ApplyOptions(options, PolicyOf(context));
}

absl::Status ValidateOptions(const QueryContext& context,
                             absl::string_view request, SendResponse send) {
  std::string bytes;
  RETURN_IF_ERROR(ReadRequestField(
      "ValidateOptionsRequest", request,
      schema::ValidateOptionsRequest::kOptions,
      [&bytes](auto* message) { bytes = message->get_bytes(); }));
  ASSIGN_OR_RETURN(const DissectionOptions options,
                   ParseDissectionOptions(bytes));
  std::string response;
  protozero::pbf_builder<schema::ValidateOptionsResponse> out(response);
  const auto add = [&out](absl::string_view part, const absl::Status& error) {
    out.add_message(schema::ValidateOptionsResponse::kDiagnostics,
                    DiagnosticMessage(part, error));
    return absl::OkStatus();
  };
  context.epan->Close();
  RETURN_IF_ERROR(ApplyOptions(options, PolicyOf(context), add));
  const absl::Status filter = CheckReadFilter(options);
  if (!filter.ok()) RETURN_IF_ERROR(add("read_filter", filter));
  for (const std::string& notice : WarningCollector::Collected()) {
    out.add_string(schema::ValidateOptionsResponse::kNotices, notice);
  }
  return send(response);
}

absl::Status ExportPreferences(const QueryContext& context,
                               absl::string_view request, SendResponse send) {
  bool defaults = false;
  std::string bytes;
  RETURN_IF_ERROR(ReadRequestFields<schema::ExportPreferencesRequest>(
      "ExportPreferencesRequest", request, [&](auto* message) {
        switch (message->tag()) {
          case schema::ExportPreferencesRequest::kDefaults:
            defaults = GetBool(message);
            break;
          case schema::ExportPreferencesRequest::kOptions:
            bytes = message->get_bytes();
            break;
          default:
            message->skip();
        }
      }));
  std::string text;
  if (defaults) {
    text = PreferencesAtStart().defaults;
  } else if (bytes.empty()) {
    text = WithoutSecretsOf(PreferencesAtStart().profile,
                            PreferencesAtStart().profile);
  } else {
    ASSIGN_OR_RETURN(const DissectionOptions options,
                     ParseDissectionOptions(bytes));
    RETURN_IF_ERROR(ApplyQueryOptions(context, options));
    // The client may see the values that it has given.
    text =
        WithoutSecretsOf(PreferencesAtStart().profile, PreferencesFileText());
  }
  std::string response;
  protozero::pbf_builder<schema::ExportPreferencesResponse> out(response);
  out.add_bytes(schema::ExportPreferencesResponse::kText, text);
  return send(response);
}

}  // namespace dissectd::engine

// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/protocols.h"

#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/field_names.h"
#include "core/epan/registry.h"
#include "core/query/page.h"
#include "core/query/registry/registry_messages.h"
#include "dissectd/v1/registry.schema.h"

namespace dissectd::engine {

absl::Status ListProtocols(const QueryContext&, absl::string_view request,
                           SendResponse send) {
  ASSIGN_OR_RETURN(const PageRequest page,
                   ReadPageRequest<schema::ListProtocolsRequest>(
                       "ListProtocolsRequest", request));
  const std::vector<int> protocols = AllProtocols();
  const ProtocolMessages messages;
  return SendPage(
      schema::ListProtocolsResponse::kProtocols, page, "protocols",
      protocols.size(),
      [&](size_t i) { return proto_get_protocol_filter_name(protocols[i]); },
      [&](size_t i) { return messages.Message(protocols[i]); }, send);
}

absl::Status GetProtocol(const QueryContext&, absl::string_view request,
                         SendResponse send) {
  ASSIGN_OR_RETURN(const std::string name,
                   ReadTextRequest("GetProtocolRequest", request,
                                   schema::GetProtocolRequest::kFilterName));
  const int protocol = proto_get_id_by_filter_name(ResolveAlias(name).c_str());
  if (protocol == -1) {
    return MakeError(absl::StatusCode::kNotFound,
                     absl::StrCat("There is no protocol \"", name, "\"."),
                     {"PROTOCOL_NOT_FOUND", {{"name", name}}, {}});
  }
  std::string response;
  protozero::pbf_builder<schema::GetProtocolResponse> out(response);
  out.add_message(schema::GetProtocolResponse::kProtocol,
                  ProtocolMessages().Message(protocol));
  return send(response);
}

absl::Status ListHeuristicDissectors(const QueryContext&,
                                     absl::string_view request,
                                     SendResponse send) {
  ASSIGN_OR_RETURN(const PageRequest page,
                   ReadPageRequest<schema::ListHeuristicDissectorsRequest>(
                       "ListHeuristicDissectorsRequest", request));
  const std::vector<HeuristicEntry> entries = AllHeuristics();
  return SendPage(
      schema::ListHeuristicDissectorsResponse::kHeuristicDissectors, page,
      "heuristics", entries.size(),
      [&](size_t i) { return entries[i].dissector->short_name; },
      [&](size_t i) { return HeuristicMessage(entries[i]); }, send);
}

}  // namespace dissectd::engine

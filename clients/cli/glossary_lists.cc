// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/glossary_lists.h"

#include <cinttypes>
#include <cstdio>
#include <map>
#include <string>

#include "clients/cli/glossary_types.h"
#include "clients/cli/pages.h"
#include "dissectd/v1/registry.grpc.pb.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

// The largest page that the API returns.
constexpr int kPageSize = 1000;

// A unary method of a service.
template <typename Request, typename Response>
using Method = grpc::Status (v1::RegistryService::Stub::*)(
    grpc::ClientContext* context, const Request& request, Response* response);

template <typename Request, typename Response>
grpc::Status Ask(const ChannelPtr& channel, Method<Request, Response> method,
                 Response* response) {
  grpc::ClientContext context;
  const auto stub = v1::RegistryService::NewStub(channel);
  return (stub.get()->*method)(&context, Request(), response);
}

// Calls `print` with each page of a list.
template <typename Request, typename Response, typename Print>
grpc::Status AskForPages(const ChannelPtr& channel,
                         Method<Request, Response> method, Print print) {
  const auto stub = v1::RegistryService::NewStub(channel);
  Request request;
  request.set_page_size(kPageSize);
  return ForEachPage(stub.get(), method, request, print);
}

void PrintTable(const v1::DissectorTable& table, const std::string& type_name) {
  std::printf("%s\t%s\t%s", table.name().c_str(), table.display_name().c_str(),
              type_name.c_str());
  if (table.selector_type() >= v1::FIELD_TYPE_UINT8 &&
      table.selector_type() <= v1::FIELD_TYPE_UINT32) {
    std::printf("\t%s", DisplayName(table.selector_display()));
  }
  std::printf(
      "\t%s\tDecode As %ssupported\n",
      table.protocol().empty() ? "(no protocol)" : table.protocol().c_str(),
      table.decode_as() ? "" : "not ");
}

}  // namespace

grpc::Status PrintFieldTypes(const ChannelPtr& channel) {
  v1::ListFieldTypesResponse response;
  const grpc::Status status =
      Ask(channel, &v1::RegistryService::Stub::ListFieldTypes, &response);
  for (const v1::FieldTypeInfo& type : response.field_types()) {
    std::printf("%s\t%s\n", type.name().c_str(), type.description().c_str());
  }
  return status;
}

grpc::Status PrintProtocols(const ChannelPtr& channel) {
  return AskForPages(channel, &v1::RegistryService::Stub::ListProtocols,
                     [](const v1::ListProtocolsResponse& page) {
                       for (const v1::Protocol& protocol : page.protocols()) {
                         std::printf("%s\t%s\t%s\n", protocol.name().c_str(),
                                     protocol.short_name().c_str(),
                                     protocol.filter_name().c_str());
                       }
                     });
}

grpc::Status PrintColumnFormats(const ChannelPtr& channel) {
  v1::ListColumnFormatsResponse response;
  const grpc::Status status =
      Ask(channel, &v1::RegistryService::Stub::ListColumnFormats, &response);
  if (!status.ok()) return status;
  for (const v1::ColumnFormat& format : response.column_formats()) {
    std::printf("%s\t%s\n", format.format().c_str(),
                format.description().c_str());
  }
  std::printf(
      "\nFor example, to print Wireshark's default columns with tshark:\n\n"
      "tshark -o 'gui.column.format:\"No.\",\"%%m\",\"Time\",\"%%t\","
      "\"Source\",\"%%s\",\"Destination\",\"%%d\",\"Protocol\",\"%%p\","
      "\"Length\",\"%%L\",\"Info\",\"%%i\"'\n");
  return status;
}

grpc::Status PrintDecodes(const ChannelPtr& channel) {
  return AskForPages(
      channel, &v1::RegistryService::Stub::ListDissectorTableEntries,
      [](const v1::ListDissectorTableEntriesResponse& page) {
        for (const v1::DissectorTableEntry& entry : page.entries()) {
          if (!entry.has_number() || entry.protocol().empty()) continue;
          std::printf("%s\t%" PRIu32 "\t%s\n", entry.table().c_str(),
                      entry.number(), entry.protocol().c_str());
        }
      });
}

grpc::Status PrintDissectorTables(const ChannelPtr& channel) {
  TypeNames type_names;
  const grpc::Status status = GetTypeNames(channel, &type_names);
  if (!status.ok()) return status;
  // tshark sorts them by their names.
  std::map<std::string, v1::DissectorTable> tables;
  const grpc::Status end =
      AskForPages(channel, &v1::RegistryService::Stub::ListDissectorTables,
                  [&tables](const v1::ListDissectorTablesResponse& page) {
                    for (const auto& table : page.dissector_tables()) {
                      tables.emplace(table.name(), table);
                    }
                  });
  for (const auto& [name, table] : tables) {
    PrintTable(table, type_names[table.selector_type()]);
  }
  return end;
}

grpc::Status PrintHeuristicDecodes(const ChannelPtr& channel) {
  return AskForPages(
      channel, &v1::RegistryService::Stub::ListHeuristicDissectors,
      [](const v1::ListHeuristicDissectorsResponse& page) {
        for (const v1::HeuristicDissector& entry :
             page.heuristic_dissectors()) {
          if (entry.protocol().empty()) continue;
          std::printf("%s\t%s\t%c\n", entry.list().c_str(),
                      entry.protocol().c_str(),
                      entry.enabled() && entry.protocol_enabled() ? 'T' : 'F');
        }
      });
}

grpc::Status PrintPlugins(const ChannelPtr& channel) {
  v1::ListPluginsResponse response;
  const grpc::Status status =
      Ask(channel, &v1::RegistryService::Stub::ListPlugins, &response);
  for (const v1::Plugin& plugin : response.plugins()) {
    std::printf("%-16s\t%s\t%s\t%s\n", plugin.name().c_str(),
                plugin.version().c_str(), plugin.type().c_str(),
                plugin.path().c_str());
  }
  return status;
}

}  // namespace dissectd::cli

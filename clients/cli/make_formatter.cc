// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/make_formatter.h"

#include <utility>

#include "clients/cli/format/ek_formatter.h"
#include "clients/cli/format/fields_formatter.h"
#include "clients/cli/format/json_formatter.h"
#include "clients/cli/format/pdml_formatter.h"
#include "clients/cli/format/psml_formatter.h"
#include "clients/cli/format/text_formatter.h"
#include "clients/cli/format/xml_creator.h"

namespace dissectd::cli {
namespace {

std::unique_ptr<Formatter> MakeText(const PrintOptions& options,
                                    OutputBuffer* out) {
  TextStyle style;
  style.summary = options.summary;
  style.details = options.details;
  style.bytes = options.bytes;
  style.colors = options.color_terminal;
  style.delimiter = options.type == OutputType::kTabs ? '\t' : ' ';
  style.separator = options.separator;
  style.dump = options.dump;
  style.tree.only_some_protocols = options.only_some_protocols;
  style.tree.protocols.insert(options.only_protocols.begin(),
                              options.only_protocols.end());
  style.tree.show_hidden = options.show_hidden;
  style.tree.dump_data = !options.bytes;
  return std::make_unique<TextFormatter>(std::move(style), out);
}

std::unique_ptr<Formatter> MakeJson(const PrintOptions& options,
                                    OutputBuffer* out) {
  JsonStyle style;
  style.text = options.type == OutputType::kJson;
  style.raw = options.type == OutputType::kJsonRaw || options.bytes;
  style.merge_duplicates = options.merge_duplicate_keys;
  style.filter = options.protocol_filter;
  style.fields = options.fields;
  style.occurrence = options.fields_style.occurrence;
  return std::make_unique<JsonFormatter>(std::move(style), out);
}

std::unique_ptr<Formatter> MakeEk(const PrintOptions& options,
                                  OutputBuffer* out) {
  EkStyle style;
  style.summary = options.summary;
  style.details = options.details;
  style.raw = options.bytes;
  style.filter = options.protocol_filter;
  style.fields = options.fields;
  style.occurrence = options.fields_style.occurrence;
  style.node = options.node;
  return std::make_unique<EkFormatter>(std::move(style), out);
}

XmlCreator CreatorOf(const PrintOptions& options) {
  return options.as_tshark ? XmlCreator::kWireshark : XmlCreator::kDissectd;
}

std::unique_ptr<Formatter> MakePdml(const PrintOptions& options,
                                    OutputBuffer* out) {
  PdmlStyle style;
  style.creator = CreatorOf(options);
  style.capture_file = options.capture_name;
  style.show_hidden = options.show_hidden;
  style.filter = options.protocol_filter;
  style.fields = options.fields;
  style.occurrence = options.fields_style.occurrence;
  return std::make_unique<PdmlFormatter>(std::move(style), out);
}

}  // namespace

std::unique_ptr<Formatter> MakeFormatter(const PrintOptions& options,
                                         OutputBuffer* out) {
  if (!options.print) return nullptr;
  switch (options.type) {
    case OutputType::kText:
    case OutputType::kTabs:
      return MakeText(options, out);
    case OutputType::kFields:
      return std::make_unique<FieldsFormatter>(options.fields,
                                               options.fields_style, out);
    case OutputType::kJson:
    case OutputType::kJsonRaw:
      return MakeJson(options, out);
    case OutputType::kEk:
      return MakeEk(options, out);
    case OutputType::kPdml:
      return MakePdml(options, out);
    case OutputType::kPsml:
      return std::make_unique<PsmlFormatter>(CreatorOf(options), out);
    case OutputType::kNone:
      return nullptr;
  }
  return nullptr;
}

}  // namespace dissectd::cli

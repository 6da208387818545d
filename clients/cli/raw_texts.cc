// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/raw_texts.h"

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace dissectd::cli {
namespace {

using google::protobuf::FieldDescriptor;

void Restore(const v1::RawField& raw, google::protobuf::Message* message) {
  const FieldDescriptor* field =
      message->GetDescriptor()->FindFieldByName(raw.field());
  if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING) return;
  const google::protobuf::Reflection* reflection = message->GetReflection();
  if (!field->is_repeated()) {
    reflection->SetString(message, field, raw.value());
    return;
  }
  const auto index = static_cast<int>(raw.index());
  if (index >= 0 && index < reflection->FieldSize(*message, field)) {
    reflection->SetRepeatedString(message, field, index, raw.value());
  }
}

template <typename Messages>
void RestoreAll(Messages* messages) {
  for (auto& message : *messages) {
    for (const v1::RawField& raw : message.raw_fields()) Restore(raw, &message);
  }
}

}  // namespace

void RestoreRawTexts(v1::FileSummary* summary) {
  RestoreAll(summary->mutable_sections());
  RestoreAll(summary->mutable_interfaces());
  for (v1::FileInterface& interface : *summary->mutable_interfaces()) {
    RestoreAll(interface.mutable_statistics());
  }
}

}  // namespace dissectd::cli

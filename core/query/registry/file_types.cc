// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/file_types.h"

#include <protozero/pbf_builder.hpp>
#include <string>

#include "core/epan/public_numbers.h"
#include "core/epan/wireshark.h"
#include "core/query/public_text.h"
#include "dissectd/v1/registry.schema.h"
#include "dissectd/v1/wiretap.schema.h"

namespace dissectd::engine {
namespace {

using FileTypeBuilder = protozero::pbf_builder<schema::FileType>;

std::string EncapsulationMessage(int number) {
  std::string message;
  protozero::pbf_builder<schema::Encapsulation> out(message);
  out.add_sint32(schema::Encapsulation::kNumber, number);
  out.add_string(schema::Encapsulation::kName,
                 PublicText(wtap_encap_name(number)));
  out.add_string(schema::Encapsulation::kDescription,
                 PublicText(wtap_encap_description(number)));
  return message;
}

void AddExtensions(int type, FileTypeBuilder* out) {
  GSList* extensions = wtap_get_file_extensions_list(type, FALSE);
  for (const GSList* item = extensions; item != nullptr; item = item->next) {
    out->add_string(schema::FileType::kExtensions,
                    PublicText(static_cast<const char*>(item->data)));
  }
  wtap_free_extensions_list(extensions);
}

void AddBlocks(int type, FileTypeBuilder* out) {
  for (int i = 0; i < MAX_WTAP_BLOCK_TYPE_VALUE; ++i) {
    const auto block = static_cast<wtap_block_type_t>(i);
    const block_support_t support =
        wtap_file_type_subtype_supports_block(type, block);
    if (support == BLOCK_NOT_SUPPORTED) continue;
    std::string message;
    protozero::pbf_builder<schema::FileTypeBlock> fields(message);
    fields.add_enum(schema::FileTypeBlock::kType,
                    PublicNumber(kBlockTypes, block));
    fields.add_bool(schema::FileTypeBlock::kSeveral,
                    support == MULTIPLE_BLOCKS_SUPPORTED);
    fields.add_enum(
        schema::FileTypeBlock::kComments,
        PublicNumber(kCommentSupports, wtap_file_type_subtype_supports_option(
                                           type, block, OPT_COMMENT)));
    out->add_message(schema::FileType::kBlocks, message);
  }
}

std::string FileTypeMessage(int type) {
  std::string message;
  FileTypeBuilder out(message);
  out.add_uint32(schema::FileType::kNumber, static_cast<uint32_t>(type));
  out.add_string(schema::FileType::kName,
                 PublicText(wtap_file_type_subtype_name(type)));
  out.add_string(schema::FileType::kDescription,
                 PublicText(wtap_file_type_subtype_description(type)));
  AddExtensions(type, &out);
  out.add_bool(schema::FileType::kCanWrite, wtap_dump_can_open(type) != FALSE);
  out.add_bool(schema::FileType::kCanCompress,
               wtap_dump_can_compress(type) != FALSE);
  out.add_bool(schema::FileType::kSeveralEncapsulations,
               wtap_dump_can_write_encap(type, WTAP_ENCAP_PER_PACKET) != FALSE);
  out.add_bool(
      schema::FileType::kSeveralInterfaces,
      wtap_file_type_subtype_supports_block(type, WTAP_BLOCK_IF_ID_AND_INFO) ==
          MULTIPLE_BLOCKS_SUPPORTED);
  out.add_bool(schema::FileType::kNameResolution,
               wtap_file_type_subtype_supports_block(
                   type, WTAP_BLOCK_NAME_RESOLUTION) != BLOCK_NOT_SUPPORTED);
  AddBlocks(type, &out);
  return message;
}

}  // namespace

absl::Status ListEncapsulations(const QueryContext&, absl::string_view,
                                SendResponse send) {
  std::string response;
  protozero::pbf_builder<schema::ListEncapsulationsResponse> out(response);
  for (int number = 0; number < wtap_get_num_encap_types(); ++number) {
    out.add_message(schema::ListEncapsulationsResponse::kEncapsulations,
                    EncapsulationMessage(number));
  }
  return send(response);
}

absl::Status ListFileTypes(const QueryContext&, absl::string_view,
                           SendResponse send) {
  std::string response;
  protozero::pbf_builder<schema::ListFileTypesResponse> out(response);
  // wiretap doesn't export the number of file types, and has no name for larger
  // numbers.
  for (int type = 0; wtap_file_type_subtype_name(type) != nullptr; ++type) {
    out.add_message(schema::ListFileTypesResponse::kFileTypes,
                    FileTypeMessage(type));
  }
  return send(response);
}

}  // namespace dissectd::engine

// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/packet_writer.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/write_error.h"

namespace dissectd::engine {
namespace {}  // namespace

absl::StatusOr<OutputType> OutputType::For(const WriteOptions& options) {
  const std::string& name = options.file_type;
  const int number = name.empty()
                         ? wtap_pcapng_file_type_subtype()
                         : wtap_name_to_file_type_subtype(name.c_str());
  if (number < 0) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("\"", name, "\" isn't a valid capture file type"),
        {"FILE_TYPE_UNKNOWN", {{"file_type", name}}, {}});
  }
  if (!options.section_comments.empty() &&
      wtap_file_type_subtype_supports_option(
          number, WTAP_BLOCK_SECTION, OPT_COMMENT) == OPTION_NOT_SUPPORTED) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("Capture comments can't be written to files of the type ",
                     name, "."),
        {"COMMENTS_UNSUPPORTED", {{"file_type", name}}, {}});
  }
  if (options.compression == Compression::kUnspecified ||
      options.compression == Compression::kNone) {
    return OutputType(number, WTAP_UNCOMPRESSED);
  }
  if (options.compression != Compression::kGzip ||
      !wtap_dump_can_compress(number)) {
    return WriteBeginError({WTAP_ERR_COMPRESSION_NOT_SUPPORTED, nullptr},
                           wtap_file_type_subtype_name(number));
  }
  return OutputType(number, WTAP_GZIP_COMPRESSED);
}

std::string OutputType::Extension() const {
  const char* extension = wtap_default_file_extension(number_);
  std::string text = extension == nullptr ? "" : extension;
  const char* compressed = wtap_compression_type_extension(compression_);
  if (compressed == nullptr) return text;
  return text.empty() ? compressed : absl::StrCat(text, ".", compressed);
}

bool OutputType::Supports(wtap_block_type_t block) const {
  return wtap_file_type_subtype_supports_block(number_, block) !=
         BLOCK_NOT_SUPPORTED;
}

absl::Status CheckFileSize(const OutputFile& output) {
  struct stat status;
  if (fstat(output.fd, &status) != 0 ||
      static_cast<uint64_t>(status.st_size) <= output.max_bytes) {
    return absl::OkStatus();
  }
  const std::string limit = absl::StrCat(output.max_bytes);
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat("The file would be larger than ", limit, " bytes."),
      {"EXPORT_TOO_LARGE", {{"limit", limit}}, {}});
}

absl::StatusOr<std::unique_ptr<PacketWriter>> PacketWriter::Open(
    OutputFile output, const OutputType& type,
    const std::vector<std::string>& section_comments,
    const CaptureFile& source) {
  // make_unique can't call the private constructor.
  std::unique_ptr<PacketWriter> writer(new PacketWriter(output, type, source));
  RETURN_IF_ERROR(writer->Begin(section_comments));
  return writer;
}

absl::Status PacketWriter::Begin(
    const std::vector<std::string>& section_comments) {
  wtap_dump_params_init_no_idbs(&params_, source_.handle());
  DescribeSection(section_comments);
  WtapError error;
  const int own_fd = dup(output_.fd);
  if (own_fd < 0) {
    error.code = errno;
    return WriteBeginError(error, type_.name());
  }
  char* info = nullptr;
  // A pcapng file may begin with blocks other than interfaces, so that the
  // link-layer type isn't known yet. As in tshark, it is then written as if
  // packets had different types, for which wiretap requires an interface.
  const bool unknown = type_.number() == wtap_pcapng_file_type_subtype() &&
                       params_.encap == WTAP_ENCAP_UNKNOWN;
  GArray* interfaces = params_.idb_inf->interface_data;
  if (unknown) {
    wtap_block_t none = nullptr;
    params_.encap = WTAP_ENCAP_PER_PACKET;
    g_array_prepend_val(interfaces, none);
  }
  dumper_ = wtap_dump_fdopen(own_fd, type_.number(), type_.compression(),
                             &params_, &error.code, &info);
  error.info.reset(info);
  if (unknown) g_array_remove_index(interfaces, 0);
  // Frees only the list, which wiretap needed to open the file.
  g_free(params_.idb_inf);
  params_.idb_inf = nullptr;
  if (dumper_ == nullptr) return WriteBeginError(error, type_.name());
  return absl::OkStatus();
}

void PacketWriter::DescribeSection(const std::vector<std::string>& comments) {
  wtap_block_t section = g_array_index(params_.shb_hdrs, wtap_block_t, 0);
  char* application = nullptr;
  if (wtap_block_get_string_option_value(
          section, OPT_SHB_USERAPPL, &application) != WTAP_OPTTYPE_SUCCESS) {
    wtap_block_add_string_option_format(section, OPT_SHB_USERAPPL,
                                        "dissectd (Wireshark %s)",
                                        epan_get_version());
  }
  for (const std::string& comment : comments) {
    wtap_block_add_string_option(section, OPT_COMMENT, comment.data(),
                                 comment.size());
  }
}

PacketWriter::~PacketWriter() {
  // Errors don't matter, as an incomplete file is discarded.
  if (dumper_ != nullptr) Close().IgnoreError();
  wtap_dump_params_cleanup(&params_);
}

absl::Status PacketWriter::WriteNewInterfaces(uint32_t frame) {
  while (wtap_block_t interface =
             wtap_get_next_interface_description(source_.handle())) {
    RETURN_IF_ERROR(WriteInterface(interface, frame));
  }
  return absl::OkStatus();
}

absl::Status PacketWriter::WriteFurtherInterfaces(const CaptureFile& file) {
  uint32_t count = 0;
  while (wtap_block_t interface =
             wtap_get_next_interface_description(file.handle())) {
    if (++count <= interfaces_) continue;
    RETURN_IF_ERROR(WriteInterface(interface, /*frame=*/0));
  }
  return absl::OkStatus();
}

absl::Status PacketWriter::WriteInterface(wtap_block_t interface,
                                          uint32_t frame) {
  ++interfaces_;
  if (!type_.Supports(WTAP_BLOCK_IF_ID_AND_INFO)) return absl::OkStatus();
  int code = 0;
  char* info = nullptr;
  if (wtap_dump_add_idb(dumper_, interface, &code, &info)) {
    return absl::OkStatus();
  }
  return WriteError({code, GCharPtr(info)}, source_.name(), frame,
                    type_.name());
}

absl::Status PacketWriter::CheckTime(const nstime_t& time,
                                     uint32_t frame) const {
  const bool is_pcap = type_.number() == wtap_pcap_file_type_subtype() ||
                       type_.number() == wtap_pcap_nsec_file_type_subtype();
  const char* problem = nullptr;
  if (time.secs < 0 || time.nsecs < 0) {
    problem = "its time is before 1970";
  } else if (is_pcap && time.secs > std::numeric_limits<uint32_t>::max()) {
    problem = "its time is after 2106";
  }
  if (problem == nullptr) return absl::OkStatus();
  return WriteError({WTAP_ERR_UNWRITABLE_REC_DATA, GCharPtr(g_strdup(problem))},
                    source_.name(), frame, type_.name());
}

absl::Status PacketWriter::Write(const wtap_rec* rec, Buffer* bytes,
                                 uint32_t frame) {
  int code = 0;
  char* info = nullptr;
  if (wtap_dump(dumper_, rec, ws_buffer_start_ptr(bytes), &code, &info)) {
    return ++records_ % kRecordsBetweenSizeChecks == 0 ? CheckFileSize(output_)
                                                       : absl::OkStatus();
  }
  return WriteError({code, GCharPtr(info)}, source_.name(), frame,
                    type_.name());
}

bool PacketWriter::WriteNames() {
  return wtap_dump_set_addrinfo_list(dumper_, get_addrinfo_list()) != FALSE;
}

absl::Status PacketWriter::Close() {
  int code = 0;
  char* info = nullptr;
  wtap_dumper* dumper = std::exchange(dumper_, nullptr);
  if (wtap_dump_close(dumper, nullptr, &code, &info)) {
    return CheckFileSize(output_);
  }
  return WriteEndError({code, GCharPtr(info)}, type_.name());
}

}  // namespace dissectd::engine

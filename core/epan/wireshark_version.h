// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_WIRESHARK_VERSION_H_
#define CORE_EPAN_WIRESHARK_VERSION_H_

// What differs between the versions of Wireshark that this project is built
// with: 4.0, which Debian 12 has, and 4.4, which Debian 13 has. Both halves
// declare the same names, so that other code doesn't ask for the version.
//
// Values are read here rather than with libwireshark's functions, because
// reading members of 4.0's values is inlined where each node of a tree is
// encoded. In 4.4, only libwireshark knows the members.

#include <epan/tfs.h>

#include <cstdarg>
#include <cstdint>
#include <ctime>
#include <string>

#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"

#if WIRESHARK_VERSION_MAJOR != 4 || \
    (WIRESHARK_VERSION_MINOR != 0 && WIRESHARK_VERSION_MINOR != 4)
#error "The headers are neither those of Wireshark 4.0 nor those of 4.4."
#endif

namespace dissectd::engine {

// Where a display filter is wrong. `start` is negative if that isn't known.
struct FilterFault {
  std::string message;
  int64_t start = -1;
  size_t length = 0;
};

// The bytes of a value; without data if the value has none.
struct ByteValue {
  absl::string_view bytes;
};

#if WIRESHARK_VERSION_MINOR == 0

// The type of truth values in callbacks.
using WsBool = gboolean;
// The type of a frame's number in reports of failures.
using WsReportedFrame = guint32;

// A log writer of libwireshark's that calls `kWrite` without the time and the
// place in the source.
template <void (*kWrite)(const char* domain, ws_log_level level,
                         const char* format, va_list arguments)>
void WriteLogOfLibrary(const char* domain, ws_log_level level, struct timespec,
                       const char*, long,  // NOLINT(google-runtime-int)
                       const char*, const char* format, va_list arguments,
                       void*) {
  kWrite(domain, level, format, arguments);
}

inline const fvalue_t& ValueOf(const field_info& node) { return node.value; }
inline fvalue_t* MutableValueOf(field_info* node) { return &node->value; }
// Makes a value that somebody else owns the one of a node.
inline void LendValue(fvalue_t* value, field_info* node) {
  node->value = *value;
}

// Each function is for those types whose values are kept in this way.
inline uint32_t Uint32Of(const fvalue_t& value) { return value.value.uinteger; }
inline uint64_t Uint64Of(const fvalue_t& value) {
  return value.value.uinteger64;
}
inline int32_t Int32Of(const fvalue_t& value) { return value.value.sinteger; }
inline int64_t Int64Of(const fvalue_t& value) { return value.value.sinteger64; }
inline double DoubleOf(const fvalue_t& value) { return value.value.floating; }
inline uint16_t MedicalFloat16Of(const fvalue_t& value) {
  return value.value.sfloat_ieee_11073;
}
inline uint32_t MedicalFloat32Of(const fvalue_t& value) {
  return value.value.float_ieee_11073;
}
inline const nstime_t& TimeOf(const fvalue_t& value) {
  return value.value.time;
}
// Returns null if the value has no text.
inline const wmem_strbuf_t* TextOf(const fvalue_t& value) {
  return value.value.strbuf;
}
inline ByteValue BytesOf(const fvalue_t& value) {
  const GByteArray* const bytes = value.value.bytes;
  if (bytes == nullptr) return {};
  return {{reinterpret_cast<const char*>(bytes->data), bytes->len}};
}
inline const ipv4_addr_and_mask& Ipv4Of(const fvalue_t& value) {
  return value.value.ipv4;
}
inline const ipv6_addr_and_prefix& Ipv6Of(const fvalue_t& value) {
  return value.value.ipv6;
}
inline const e_guid_t& GuidOf(const fvalue_t& value) {
  return value.value.guid;
}
// Returns null if the value has no bytes.
inline tvbuff_t* ProtocolBytesOf(const fvalue_t& value) {
  return value.value.protocol.tvb;
}
inline ftenum_t TypeOf(const fvalue_t& value) {
  return fvalue_type_ftenum(const_cast<fvalue_t*>(&value));
}

inline void SetUint32(fvalue_t* value, uint32_t number) {
  value->value.uinteger = number;
}
inline void SetUint64(fvalue_t* value, uint64_t number) {
  value->value.uinteger64 = number;
}
inline void SetInt32(fvalue_t* value, int32_t number) {
  value->value.sinteger = number;
}
inline void SetInt64(fvalue_t* value, int64_t number) {
  value->value.sinteger64 = number;
}
inline void SetDouble(fvalue_t* value, double number) {
  value->value.floating = number;
}
inline void SetMedicalFloat16(fvalue_t* value, uint16_t number) {
  value->value.sfloat_ieee_11073 = number;
}
inline void SetMedicalFloat32(fvalue_t* value, uint32_t number) {
  value->value.float_ieee_11073 = number;
}
inline void SetTime(fvalue_t* value, const nstime_t& time) {
  value->value.time = time;
}
// The value must have a text.
inline void SetText(fvalue_t* value, absl::string_view text) {
  wmem_strbuf_truncate(value->value.strbuf, 0);
  wmem_strbuf_append_len(value->value.strbuf, text.data(), text.size());
}
// The value must have bytes.
inline void SetBytes(fvalue_t* value, absl::string_view bytes) {
  g_byte_array_set_size(value->value.bytes, 0);
  g_byte_array_append(value->value.bytes,
                      reinterpret_cast<const guint8*>(bytes.data()),
                      static_cast<guint>(bytes.size()));
}
inline void SetIpv4(fvalue_t* value, const ipv4_addr_and_mask& address) {
  value->value.ipv4 = address;
}
inline void SetIpv6(fvalue_t* value, const ipv6_addr_and_prefix& address) {
  value->value.ipv6 = address;
}
inline void SetGuid(fvalue_t* value, const e_guid_t& guid) {
  value->value.guid = guid;
}

inline bool IsSignedType(ftenum_t type) { return IS_FT_INT(type); }
inline bool IsUnsignedType(ftenum_t type) { return IS_FT_UINT(type); }
inline bool IsWideType(ftenum_t type) {
  return IS_FT_INT64(type) || IS_FT_UINT64(type);
}
inline bool IsTextType(ftenum_t type) { return IS_FT_STRING(type); }
// Whether addresses of AX.25 are kept as text, and not as bytes.
inline constexpr bool kAx25IsText = false;

// Precisions of times, and their names in libwireshark.
inline constexpr int kTenthsOfSeconds = TS_PREC_FIXED_DSEC;
inline constexpr char kTenthsOfSecondsName[] = "TS_PREC_FIXED_DSEC";
inline constexpr int kHundredthsOfSeconds = TS_PREC_FIXED_CSEC;
inline constexpr char kHundredthsOfSecondsName[] = "TS_PREC_FIXED_CSEC";

// The type of preferences with one number for Decode As.
inline constexpr uint32_t kDecodeAsUintType = PREF_DECODE_AS_UINT;

// Frees a value that isn't part of a tree: libwireshark exports no function
// for that.
inline void FreeValue(fvalue_t* value) {
  auto& content = value->value;
  switch (TypeOf(*value)) {
    case FT_PROTOCOL:
      if (content.protocol.tvb != nullptr && content.protocol.tvb_is_private) {
        tvb_free_chain(content.protocol.tvb);
      }
      g_free(content.protocol.proto_string);
      break;
    case FT_STRING:
    case FT_STRINGZ:
    case FT_UINT_STRING:
    case FT_STRINGZPAD:
    case FT_STRINGZTRUNC:
      if (content.strbuf != nullptr) wmem_strbuf_destroy(content.strbuf);
      break;
    case FT_ETHER:
    case FT_BYTES:
    case FT_UINT_BYTES:
    case FT_OID:
    case FT_REL_OID:
    case FT_AX25:
    case FT_VINES:
    case FT_SYSTEM_ID:
    case FT_FCWWN:
      if (content.bytes != nullptr) g_byte_array_free(content.bytes, TRUE);
      break;
    default:
      break;
  }
  g_slice_free(fvalue_t, value);
}

// Returns null and sets `fault` if macros of the filter can't be expanded. The
// caller frees the result with g_free.
inline char* ExpandFilter(const char* text, FilterFault* fault) {
  char* message = nullptr;
  char* const expanded = dfilter_expand(text, &message);
  if (message != nullptr) fault->message = message;
  g_free(message);
  return expanded;
}

// Sets `filter`, to null if the text is blank, and returns whether the text,
// whose macros are expanded, is valid; sets `fault` if it isn't.
inline bool CompileFilter(const char* text, dfilter_t** filter,
                          FilterFault* fault) {
  char* message = nullptr;
  dfilter_loc_t location;
  location.col_start = -1;
  const bool compiled = dfilter_compile_real(text, filter, &message, &location,
                                             __func__, FALSE, FALSE) != FALSE;
  if (!compiled) {
    if (message != nullptr) fault->message = message;
    fault->start = location.col_start;
    fault->length = static_cast<size_t>(location.col_len);
  }
  g_free(message);
  return compiled;
}

inline void PrintFilter(dfilter_t* filter) { dfilter_dump(filter); }

// Makes a frame forget what another frame has taken over: the data that
// dissectors have attached to it.
inline void ForgetAttachments(frame_data* frame) { frame->pfd = nullptr; }

// Marks the frames that a dissected frame needs. It is one of `frames`.
inline void MarkDependentFrames(const packet_info& packet,
                                frame_data_sequence* frames) {
  g_slist_foreach(packet.dependent_frames, find_and_mark_frame_depended_upon,
                  frames);
}

// Returns whether there is such a heuristic dissector.
inline bool EnableHeuristic(const char* name, bool enable) {
  return proto_enable_heuristic_by_name(name, enable ? TRUE : FALSE) != FALSE;
}

// Returns the number in the file of an interface of a section. 4.0 numbers
// interfaces in files only.
inline guint32 InterfaceInFile(wtap*, guint32 interface,
                               guint /*section*/ = 0) {
  return interface;
}

// A callback of wiretap's that calls `kCallback` for each name.
template <void (*kCallback)()>
void OnIpv4Name(guint, const gchar*) {
  kCallback();
}
template <void (*kCallback)()>
void OnIpv6Name(const void*, const gchar*) {
  kCallback();
}

// Returns whether the settings let libwireshark read the system's hosts file.
inline bool ReadsSystemHosts() {
  return gbl_resolv_flags.load_hosts_file_from_profile_only == FALSE;
}

#else

using WsBool = bool;
using WsReportedFrame = uint64_t;

template <void (*kWrite)(const char* domain, ws_log_level level,
                         const char* format, va_list arguments)>
void WriteLogOfLibrary(const char* domain, ws_log_level level, const char*,
                       long,  // NOLINT(google-runtime-int)
                       const char*, const char*, ws_log_manifest_t*,
                       const char* format, va_list arguments, void*) {
  kWrite(domain, level, format, arguments);
}

inline const fvalue_t& ValueOf(const field_info& node) { return *node.value; }
inline fvalue_t* MutableValueOf(field_info* node) { return node->value; }
inline void LendValue(fvalue_t* value, field_info* node) {
  node->value = value;
}

// libwireshark's functions only read, but take values that aren't constant.
inline fvalue_t* Readable(const fvalue_t& value) {
  return const_cast<fvalue_t*>(&value);
}
inline uint32_t Uint32Of(const fvalue_t& value) {
  return fvalue_get_uinteger(Readable(value));
}
inline uint64_t Uint64Of(const fvalue_t& value) {
  return fvalue_get_uinteger64(Readable(value));
}
inline int32_t Int32Of(const fvalue_t& value) {
  return fvalue_get_sinteger(Readable(value));
}
inline int64_t Int64Of(const fvalue_t& value) {
  return fvalue_get_sinteger64(Readable(value));
}
inline double DoubleOf(const fvalue_t& value) {
  return fvalue_get_floating(Readable(value));
}
inline uint16_t MedicalFloat16Of(const fvalue_t& value) {
  return static_cast<uint16_t>(fvalue_get_uinteger(Readable(value)));
}
inline uint32_t MedicalFloat32Of(const fvalue_t& value) {
  return fvalue_get_uinteger(Readable(value));
}
inline const nstime_t& TimeOf(const fvalue_t& value) {
  return *fvalue_get_time(Readable(value));
}
inline const wmem_strbuf_t* TextOf(const fvalue_t& value) {
  return fvalue_get_strbuf(Readable(value));
}
inline ByteValue BytesOf(const fvalue_t& value) {
  const void* const data = fvalue_get_bytes_data(Readable(value));
  if (data == nullptr) return {};
  return {
      {static_cast<const char*>(data), fvalue_get_bytes_size(Readable(value))}};
}
inline const ipv4_addr_and_mask& Ipv4Of(const fvalue_t& value) {
  return *fvalue_get_ipv4(Readable(value));
}
inline const ipv6_addr_and_prefix& Ipv6Of(const fvalue_t& value) {
  return *fvalue_get_ipv6(Readable(value));
}
inline const e_guid_t& GuidOf(const fvalue_t& value) {
  return *fvalue_get_guid(Readable(value));
}
inline tvbuff_t* ProtocolBytesOf(const fvalue_t& value) {
  return fvalue_get_protocol(Readable(value));
}
inline ftenum_t TypeOf(const fvalue_t& value) {
  return fvalue_type_ftenum(&value);
}

inline void SetUint32(fvalue_t* value, uint32_t number) {
  fvalue_set_uinteger(value, number);
}
inline void SetUint64(fvalue_t* value, uint64_t number) {
  fvalue_set_uinteger64(value, number);
}
inline void SetInt32(fvalue_t* value, int32_t number) {
  fvalue_set_sinteger(value, number);
}
inline void SetInt64(fvalue_t* value, int64_t number) {
  fvalue_set_sinteger64(value, number);
}
inline void SetDouble(fvalue_t* value, double number) {
  fvalue_set_floating(value, number);
}
inline void SetMedicalFloat16(fvalue_t* value, uint16_t number) {
  fvalue_set_uinteger(value, number);
}
inline void SetMedicalFloat32(fvalue_t* value, uint32_t number) {
  fvalue_set_uinteger(value, number);
}
inline void SetTime(fvalue_t* value, const nstime_t& time) {
  fvalue_set_time(value, &time);
}
inline void SetText(fvalue_t* value, absl::string_view text) {
  fvalue_set_strbuf(value,
                    wmem_strbuf_new_len(nullptr, text.data(), text.size()));
}
inline void SetBytes(fvalue_t* value, absl::string_view bytes) {
  fvalue_set_bytes_data(value, bytes.data(), bytes.size());
}
inline void SetIpv4(fvalue_t* value, const ipv4_addr_and_mask& address) {
  fvalue_set_ipv4(value, &address);
}
inline void SetIpv6(fvalue_t* value, const ipv6_addr_and_prefix& address) {
  fvalue_set_ipv6(value, &address);
}
inline void SetGuid(fvalue_t* value, const e_guid_t& guid) {
  fvalue_set_guid(value, &guid);
}

inline bool IsSignedType(ftenum_t type) { return FT_IS_INT(type); }
inline bool IsUnsignedType(ftenum_t type) { return FT_IS_UINT(type); }
inline bool IsWideType(ftenum_t type) {
  return FT_IS_INT64(type) || FT_IS_UINT64(type);
}
inline bool IsTextType(ftenum_t type) { return FT_IS_STRING(type); }
inline constexpr bool kAx25IsText = true;

inline constexpr int kTenthsOfSeconds = TS_PREC_FIXED_100_MSEC;
inline constexpr char kTenthsOfSecondsName[] = "TS_PREC_FIXED_100_MSEC";
inline constexpr int kHundredthsOfSeconds = TS_PREC_FIXED_10_MSEC;
inline constexpr char kHundredthsOfSecondsName[] = "TS_PREC_FIXED_10_MSEC";

// No preference of 4.4 has the type.
inline constexpr uint32_t kDecodeAsUintType = 1u << 12;

inline void FreeValue(fvalue_t* value) { fvalue_free(value); }

// Frees the error, if there is one.
inline void TakeFault(df_error_t* error, FilterFault* fault) {
  if (error == nullptr) return;
  fault->message = error->msg == nullptr ? "" : error->msg;
  fault->start = error->loc.col_start;
  fault->length = error->loc.col_len;
  df_error_free(&error);
}

inline char* ExpandFilter(const char* text, FilterFault* fault) {
  df_error_t* error = nullptr;
  char* const expanded = dfilter_expand(text, &error);
  TakeFault(error, fault);
  return expanded;
}

inline bool CompileFilter(const char* text, dfilter_t** filter,
                          FilterFault* fault) {
  df_error_t* error = nullptr;
  const bool compiled =
      dfilter_compile_full(text, filter, &error, DF_OPTIMIZE, __func__);
  TakeFault(error, fault);
  return compiled;
}

inline void PrintFilter(dfilter_t* filter) { dfilter_dump(stdout, filter, 0); }

inline void ForgetAttachments(frame_data* frame) {
  frame->pfd = nullptr;
  frame->dependent_frames = nullptr;
}

inline void MarkDependentFrames(const packet_info& packet,
                                frame_data_sequence* frames) {
  const frame_data* const frame = frame_data_sequence_find(frames, packet.num);
  if (frame == nullptr || frame->dependent_frames == nullptr) return;
  g_hash_table_foreach(frame->dependent_frames,
                       find_and_mark_frame_depended_upon, frames);
}

inline bool EnableHeuristic(const char* name, bool enable) {
  return enable ? proto_enable_heuristic_by_name(name)
                : proto_disable_heuristic_by_name(name);
}

inline guint32 InterfaceInFile(wtap* file, guint32 interface, guint section) {
  return wtap_file_get_shb_global_interface_id(file, section, interface);
}

template <void (*kCallback)()>
void OnIpv4Name(guint, const gchar*, bool) {
  kCallback();
}
template <void (*kCallback)()>
void OnIpv6Name(const void*, const gchar*, bool) {
  kCallback();
}

inline bool ReadsSystemHosts() { return true; }

#endif

}  // namespace dissectd::engine

#endif  // CORE_EPAN_WIRESHARK_VERSION_H_

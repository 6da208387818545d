// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/column_encoder.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/encode/wire.h"
#include "core/epan/field_value.h"
#include "core/epan/public_numbers.h"
#include "core/epan/value_bytes.h"
#include "core/epan/value_visitor.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

using Kind = schema::ColumnValueKind;

Kind KindOfType(ftenum_t type) {
  switch (type) {
    case FT_BOOLEAN:
    case FT_CHAR:
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
    case FT_FRAMENUM:
    case FT_IPXNET:
    case FT_IEEE_11073_SFLOAT:
    case FT_IEEE_11073_FLOAT:
      return Kind::kUint32;
    case FT_UINT40:
    case FT_UINT48:
    case FT_UINT56:
    case FT_UINT64:
    case FT_EUI64:
      return Kind::kUint64;
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
      return Kind::kSint32;
    case FT_INT40:
    case FT_INT48:
    case FT_INT56:
    case FT_INT64:
      return Kind::kSint64;
    case FT_FLOAT:
    case FT_DOUBLE:
      return Kind::kDouble;
    case FT_STRING:
    case FT_STRINGZ:
    case FT_UINT_STRING:
    case FT_STRINGZPAD:
    case FT_STRINGZTRUNC:
      return Kind::kString;
    case FT_IPv4:
    case FT_IPv6:
    case FT_GUID:
    case FT_ETHER:
    case FT_BYTES:
    case FT_UINT_BYTES:
    case FT_OID:
    case FT_REL_OID:
    case FT_VINES:
    case FT_SYSTEM_ID:
    case FT_FCWWN:
      return Kind::kBytes;
    case FT_AX25:
      return kAx25IsText ? Kind::kString : Kind::kBytes;
    case FT_ABSOLUTE_TIME:
    case FT_RELATIVE_TIME:
      return Kind::kNanoseconds;
    // FT_NONE and FT_PROTOCOL, and numbers that no field has.
    default:
      return Kind::kUnspecified;
  }
}

// Returns the kind of array that can hold the values of both fields, which
// share a name.
Kind Common(Kind one, Kind other) {
  if (one == other) return one;
  const auto both = [&](Kind narrow, Kind wide) {
    return (one == narrow || one == wide) && (other == narrow || other == wide);
  };
  if (both(Kind::kUint32, Kind::kUint64)) return Kind::kUint64;
  if (both(Kind::kSint32, Kind::kSint64)) return Kind::kSint64;
  return Kind::kString;
}

// Returns the array of a FieldColumn for numbers of this kind.
schema::FieldColumn NumberField(Kind kind) {
  using Tag = schema::FieldColumn;
  switch (kind) {
    case Kind::kUint64:
      return Tag::kUint64Values;
    case Kind::kSint32:
      return Tag::kSint32Values;
    case Kind::kSint64:
    case Kind::kNanoseconds:
      return Tag::kSint64Values;
    case Kind::kDouble:
      return Tag::kDoubleValues;
    case Kind::kString:
      return Tag::kStringIndexes;
    default:
      return Tag::kUint32Values;
  }
}

int64_t NanosecondsOf(const nstime_t& time) {
  constexpr int64_t kNanosPerSecond = 1'000'000'000;
  int64_t product;
  int64_t sum;
  if (__builtin_mul_overflow(int64_t{time.secs}, kNanosPerSecond, &product) ||
      __builtin_add_overflow(product, int64_t{time.nsecs}, &sum)) {
    return time.secs < 0 ? std::numeric_limits<int64_t>::min()
                         : std::numeric_limits<int64_t>::max();
  }
  return sum;
}

// Calls `visit` with each field that has this name.
template <typename Visit>
void ForEachOfName(const std::string& name, Visit visit) {
  const header_field_info* field = proto_registrar_get_byname(name.c_str());
  if (field == nullptr) return;
  while (field->same_name_prev_id != -1) {
    field =
        proto_registrar_get_nth(static_cast<guint>(field->same_name_prev_id));
  }
  for (; field != nullptr; field = field->same_name_next) visit(*field);
}

}  // namespace

// Adds each kind of value to the array of the column.
class FieldColumn::ValueWriter {
 public:
  explicit ValueWriter(FieldColumn* column) : column_(column) {}

  void operator()(NoValue) {}
  void operator()(ProtocolValue) {}
  void operator()(guint16 value) { column_->numbers_.AddUint(value); }
  void operator()(guint32 value) { column_->numbers_.AddUint(value); }
  void operator()(guint64 value) {
    // A boolean that doesn't fit is still true.
    const bool narrow = column_->kind_ == Kind::kUint32;
    const bool fits = value <= std::numeric_limits<uint32_t>::max();
    column_->numbers_.AddUint(narrow && !fits ? 1 : value);
  }
  void operator()(gint32 value) { column_->numbers_.AddSint(value); }
  void operator()(gint64 value) { column_->numbers_.AddSint(value); }
  void operator()(gdouble value) { column_->numbers_.AddDouble(value); }
  void operator()(const nstime_t& value) {
    column_->numbers_.AddSint(NanosecondsOf(value));
  }
  void operator()(const wmem_strbuf_t* text) {
    absl::string_view value;
    if (text != nullptr) {
      value = {wmem_strbuf_get_str(text), wmem_strbuf_get_len(text)};
    }
    const absl::string_view kept =
        TruncateUtf8(value, column_->max_value_bytes_);
    column_->numbers_.AddUint(column_->strings_->Add(kept));
    if (kept.size() < value.size()) column_->NoteTruncated();
  }
  void operator()(const ipv4_addr_and_mask& value) {
    char bytes[FT_IPv4_LEN];
    PutBigEndian(value.addr, FT_IPv4_LEN, bytes);
    column_->AddBytes({bytes, sizeof(bytes)});
  }
  void operator()(const ipv6_addr_and_prefix& value) {
    column_->AddBytes({reinterpret_cast<const char*>(value.addr.bytes),
                       sizeof(value.addr.bytes)});
  }
  void operator()(const e_guid_t& value) {
    const GuidBytes bytes = BytesOfGuid(value);
    column_->AddBytes({bytes.data(), bytes.size()});
  }
  void operator()(ByteValue bytes) {
    const absl::string_view value = bytes.bytes;
    column_->AddBytes(value.substr(0, column_->max_value_bytes_));
    if (value.size() > column_->max_value_bytes_) column_->NoteTruncated();
  }

 private:
  FieldColumn* column_;
};

FieldColumn::FieldColumn(const std::string& name, uint32_t max_value_bytes,
                         StringTable* strings)
    : name_(name), max_value_bytes_(max_value_bytes), strings_(strings) {
  std::optional<Kind> kind;
  ForEachOfName(name, [&](const header_field_info& field) {
    const Kind own = KindOfType(field.type);
    if (!kind.has_value()) {
      type_ = static_cast<schema::FieldType>(PublicFieldType(field.type));
      byte_width_ = static_cast<uint32_t>(WidthOf(field.type));
      kind = own;
      return;
    }
    kind = Common(*kind, own);
    if (WidthOf(field.type) != byte_width_) byte_width_ = 0;
  });
  kind_ = kind.value_or(Kind::kUnspecified);
  if (kind_ != Kind::kBytes) byte_width_ = 0;
}

void FieldColumn::Add(const field_info& node) {
  ++count_;
  ++values_;
  const Kind own = KindOfType(node.hfinfo->type);
  if (kind_ == Kind::kString && own != Kind::kString) {
    AddAsText(node);
    return;
  }
  VisitValue(ValueOf(node), node.hfinfo->type, ValueWriter(this));
}

void FieldColumn::AddAsText(const field_info& node) {
  const std::optional<std::string> text =
      FormatFieldValue(ValueOf(node), FTREPR_DISPLAY, node.hfinfo->display);
  numbers_.AddUint(strings_->Add(text.value_or(std::string())));
}

void FieldColumn::AddBytes(absl::string_view value) {
  absl::StrAppend(&bytes_, value);
  byte_lengths_.AddUint(value.size());
  irregular_ |= value.size() != byte_width_;
}

void FieldColumn::NoteTruncated() { truncated_.AddUint(values_ - 1); }

void FieldColumn::EndFrame() {
  counts_.AddUint(count_);
  once_each_ &= count_ == 1;
  count_ = 0;
}

size_t FieldColumn::SizeBytes() const {
  return name_.size() + counts_.SizeBytes() + numbers_.SizeBytes() +
         bytes_.size() + byte_lengths_.SizeBytes() + truncated_.SizeBytes();
}

std::string FieldColumn::Take() {
  using Tag = schema::FieldColumn;
  std::string column;
  wire::AppendText(&column, Tag::kName, name_);
  wire::AppendUint(&column, Tag::kType, static_cast<uint64_t>(type_));
  wire::AppendUint(&column, Tag::kValueKind, static_cast<uint64_t>(kind_));
  if (once_each_) counts_.Clear();
  counts_.MoveTo(Tag::kCounts, &column);
  numbers_.MoveTo(NumberField(kind_), &column);
  wire::AppendText(&column, Tag::kByteData, bytes_);
  if (!irregular_) byte_lengths_.Clear();
  byte_lengths_.MoveTo(Tag::kByteLengths, &column);
  wire::AppendUint(&column, Tag::kByteWidth, byte_width_);
  truncated_.MoveTo(Tag::kTruncatedIndexes, &column);
  values_ = 0;
  bytes_.clear();
  once_each_ = true;
  irregular_ = false;
  return column;
}

absl::StatusOr<std::unique_ptr<ColumnEncoder>> ColumnEncoder::Create(
    const View& view, TreeWalk walk) {
  if (view.WantsTree() || view.bytes >= ByteDetail::kFrame || view.colors) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "The columnar form has no trees, bytes or colors.",
                     {"VIEW_NOT_COLUMNAR", {}, {}});
  }
  // make_unique can't call the private constructor.
  return std::unique_ptr<ColumnEncoder>(
      new ColumnEncoder(view, std::move(walk)));
}

ColumnEncoder::ColumnEncoder(const View& view, TreeWalk walk)
    : walk_(std::move(walk)) {
  for (const std::string& name : view.fields) {
    const size_t column = fields_.size();
    fields_.emplace_back(name, view.MaxValueBytes(), &strings_);
    ForEachOfName(name, [&](const header_field_info& field) {
      const auto index = static_cast<size_t>(field.id);
      if (index >= columns_of_field_.size()) {
        columns_of_field_.resize(index + 1);
      }
      columns_of_field_[index].push_back(column);
    });
  }
}

void ColumnEncoder::Add(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns, uint32_t /*coloring_rule*/) {
  numbers_.AddUint(frame.num);
  if (columns != nullptr) AddColumns(columns);
  if (edt->tree != nullptr && !fields_.empty()) {
    walk_.VisitFields(edt->tree, [this](const TreeNode& node) {
      const auto id = static_cast<size_t>(node.info->hfinfo->id);
      for (const size_t column : columns_of_field_[id]) {
        fields_[column].Add(*node.info);
      }
    });
  }
  for (FieldColumn& field : fields_) field.EndFrame();
}

void ColumnEncoder::AddColumns(ColumnSet* columns) {
  texts_.resize(columns->definitions().size());
  for (size_t i = 0; i < texts_.size(); ++i) {
    const char* text = columns->Text(i);
    texts_[i].AddUint(text == nullptr ? 0 : strings_.Add(text));
  }
}

size_t ColumnEncoder::SizeBytes() const {
  size_t size = strings_.SizeBytes() + numbers_.SizeBytes();
  for (const FieldColumn& field : fields_) size += field.SizeBytes();
  for (const PackedArray& column : texts_) size += column.SizeBytes();
  return size;
}

EncodedBatch ColumnEncoder::Take() {
  using Tag = schema::ColumnBatch;
  EncodedBatch batch;
  numbers_.MoveTo(Tag::kFrameNumbers, &batch.message);
  for (FieldColumn& field : fields_) {
    wire::AppendBytes(&batch.message, Tag::kFields, field.Take());
  }
  for (PackedArray& column : texts_) {
    std::string message;
    column.MoveTo(schema::TextColumn::kStringIndexes, &message);
    wire::AppendBytes(&batch.message, Tag::kColumns, message);
  }
  absl::StrAppend(&batch.message, strings_.strings(), strings_.raw_strings());
  strings_.Clear();
  return batch;
}

}  // namespace dissectd::engine

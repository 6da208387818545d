// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_BATCH_ENCODER_H_
#define CORE_ENCODE_BATCH_ENCODER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/encode/field_dictionary.h"
#include "core/encode/field_set.h"
#include "core/epan/columns.h"
#include "core/epan/wireshark.h"
#include "core/request/dissect_request.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {

// A batch of encoded frames.
struct EncodedBatch {
  // The fields that the batch refers to, which must be defined with it or
  // before it.
  UsedFields used;
  // The message of the batch, without the definitions.
  std::string message;
};

// Writes dissected frames in one of the forms that a view can have, batch by
// batch. Batches don't depend on each other, so processes that share a stream,
// and clients that join it, need no common state.
class BatchEncoder {
 public:
  virtual ~BatchEncoder() = default;

  // The member of DissectResponse that holds its batches.
  virtual schema::DissectResponse kind() const = 0;

  // The fields that the view names.
  virtual const FieldSet& wanted_fields() const = 0;

  // Adds the parts of the frame in `edt` that the view requests. `columns` is
  // null unless the view has columns. `coloring_rule` is the number of the
  // frame's rule; 0 for none.
  virtual void Add(epan_dissect_t* edt, const frame_data& frame,
                   ColumnSet* columns, uint32_t coloring_rule) = 0;

  // The size of the batch so far.
  virtual size_t SizeBytes() const = 0;

  // Returns the batch, and begins the next one.
  virtual EncodedBatch Take() = 0;
};

// Makes the encoder of a view's form. Errors: INVALID_ARGUMENT with
// FIELD_UNKNOWN, PROTOCOL_UNKNOWN or VIEW_NOT_COLUMNAR. `view` is not owned and
// outlives the encoder.
absl::StatusOr<std::unique_ptr<BatchEncoder>> MakeBatchEncoder(
    const View& view);

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_BATCH_ENCODER_H_

// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/dissect_call.h"

namespace dissectd::server {

DissectCall* DissectCall::Create(const Deps& deps,
                                 std::unique_ptr<CallContext> context) {
  // make_shared can't call the private constructor.
  return Own(
      std::shared_ptr<DissectCall>(new DissectCall(deps, std::move(context))));
}

void DissectCall::Start(Work work) {
  loop()->Post([self = Shared(this), work = std::move(work)]() mutable {
    // The client may have gone before the call began.
    if (self->is_over()) return;
    const absl::Status status =
        self->StartWorker(*self->engines_, std::move(work));
    if (!status.ok()) return self->EndWith(status);
    self->Advance();
  });
}

void DissectCall::Fail(const absl::Status& status) {
  loop()->Post([self = Shared(this), status] { self->EndWith(status); });
}

}  // namespace dissectd::server

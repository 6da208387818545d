// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_service/enforced_filters.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/errors.h"
#include "server/capture/capture_options.h"
#include "server/capture_service/asker.h"
#include "server/dumpcap/capture_errors.h"
#include "server/policy/permissions.h"

namespace dissectd::server {
namespace {

std::string InBrackets(absl::string_view filter) {
  return absl::StrCat("(", filter, ")");
}

}  // namespace

void FindLinkType(InterfaceQueries* interfaces,
                  const CommandRunner::Asker& asker,
                  const std::string& interface, bool monitor_mode,
                  absl::AnyInvocable<void(absl::StatusOr<std::string>)> done) {
  v1::GetInterfaceCapabilitiesRequest request;
  request.set_interface(interface);
  request.set_monitor_mode(monitor_mode);
  const auto capabilities =
      std::make_shared<v1::GetInterfaceCapabilitiesResponse>();
  interfaces->GetCapabilities(asker, request, capabilities.get(),
                              [capabilities, interface, done = std::move(done)](
                                  const absl::Status& status) mutable {
                                if (!status.ok()) {
                                  done(status);
                                } else if (capabilities->link_types().empty()) {
                                  done(errors::InterfaceNotFound(interface));
                                } else {
                                  done(capabilities->link_types(0).name());
                                }
                              });
}

void EnforcedFilters::Add(const Deps& deps, const CallContext& context,
                          v1::CreateCaptureRequest request, Done done) {
  // make_shared can't call the private constructor.
  std::shared_ptr<EnforcedFilters> self(new EnforcedFilters(
      deps, AskerOf(context), std::move(request), std::move(done)));
  const int count = self->request_.options().interfaces_size();
  self->combined_.resize(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    const absl::Status status = self->Prepare(context, i);
    if (!status.ok()) return self->done_(status);
  }
  self->CheckNext();
}

absl::Status EnforcedFilters::Prepare(const CallContext& context, int index) {
  const v1::InterfaceOptions& interface = request_.options().interfaces(index);
  if (interface.from_client()) return absl::OkStatus();
  const std::vector<std::string> enforced =
      deps_.access->CaptureFilters(ActorOf(context), interface.name());
  if (enforced.empty()) return absl::OkStatus();
  // dumpcap doesn't filter what it reads from pipes.
  if (IsNamedPipe(interface) || IsExtcap(interface, deps_.captures->policy())) {
    return errors::PermissionMissing(
        permissions::kCapturesCreate,
        absl::StrCat("interfaces/", interface.name()));
  }
  for (const std::string& filter : enforced) parts_.push_back({index, filter});
  std::string combined = absl::StrJoin(
      enforced, " or ", [](std::string* out, const std::string& filter) {
        out->append(InBrackets(filter));
      });
  const std::string& own = interface.capture_filter();
  if (!own.empty()) {
    parts_.push_back({index, own});
    // The policy's filter comes first, as words such as `vlan` change what the
    // rest of a filter looks at.
    if (enforced.size() > 1) combined = InBrackets(combined);
    combined = absl::StrCat(combined, " and ", InBrackets(own));
  }
  combined_[static_cast<size_t>(index)] = std::move(combined);
  return absl::OkStatus();
}

void EnforcedFilters::CheckNext() {
  if (next_ < parts_.size()) {
    return Compile(request_.options().interfaces(parts_[next_].interface));
  }
  for (size_t i = 0; i < combined_.size(); ++i) {
    if (combined_[i].empty()) continue;
    request_.mutable_options()
        ->mutable_interfaces(static_cast<int>(i))
        ->set_capture_filter(combined_[i]);
  }
  done_(request_);
}

void EnforcedFilters::Compile(const v1::InterfaceOptions& interface) {
  question_.set_filter(parts_[next_].filter);
  answer_.Clear();
  const auto on_compiled =
      [self = shared_from_this()](const absl::Status& status) {
        self->OnCompiled(status);
      };
  if (!interface.link_type().empty()) {
    return deps_.filters->CompileFor(asker_, interface.link_type(), question_,
                                     &answer_, on_compiled);
  }
  FindLinkType(deps_.interfaces, asker_, interface.name(),
               interface.monitor_mode(),
               [self = shared_from_this(),
                on_compiled](const absl::StatusOr<std::string>& link_type) {
                 if (!link_type.ok()) return self->done_(link_type.status());
                 self->deps_.filters->CompileFor(self->asker_, *link_type,
                                                 self->question_,
                                                 &self->answer_, on_compiled);
               });
}

void EnforcedFilters::OnCompiled(const absl::Status& status) {
  if (!status.ok()) return done_(status);
  if (!answer_.valid()) {
    return done_(errors::CaptureFilterInvalid(
        static_cast<uint32_t>(parts_[next_].interface), answer_.message()));
  }
  ++next_;
  CheckNext();
}

}  // namespace dissectd::server

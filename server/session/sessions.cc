// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/sessions.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/time_util.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/paging.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/replica.h"
#include "server/base/resource_names.h"
#include "server/metrics/events.h"
#include "server/session/reading_changes.h"
#include "server/session/session_errors.h"

namespace dissectd::server {
namespace {

// Less than what lets dissectd's memory be taken for that of an attack.
constexpr size_t kMaxListMemory = size_t{128} << 20;

constexpr std::chrono::seconds kLookInterval(1);

std::string Serialize(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

absl::StatusOr<SessionProcesses::Source> SourceOf(CaptureSource capture) {
  SessionProcesses::Source source;
  source.file = std::move(capture.file);
  source.name = std::move(capture.name);
  if (fstat(source.file.get(), &source.status) != 0) {
    return errors::FileSystemError("look at the file", errno);
  }
  return source;
}

// Returns what sessions that share their processes have in common.
std::string KeyOf(const Principal& caller,
                  const SessionProcesses::Source& source) {
  const struct stat& file = source.status;
  return absl::StrCat(caller.id, "\n", file.st_dev, " ", file.st_ino, " ",
                      file.st_size, " ", file.st_mtim.tv_sec, " ",
                      file.st_mtim.tv_nsec, "\n", source.name, "\n",
                      source.capture, "\n", source.request, "\n", source.edits);
}

// Orders sessions by their opening, for texts that are compared.
std::string OrderOf(const v1::Session& session) {
  return absl::StrFormat("%020d.%09d %s", session.open_time().seconds(),
                         session.open_time().nanos(), session.name());
}

}  // namespace

Sessions::Sessions(const Deps& deps, const Limits& limits)
    : deps_(deps),
      limits_(limits),
      list_memory_(std::make_shared<ListMemory>(kMaxListMemory)),
      timer_(deps.loop->context()) {}

absl::Status Sessions::CheckLimits(const CallInfo& caller) const {
  if (stopping_) return errors::ServerStopping();
  if (sessions_.size() >= limits_.max_sessions) {
    return errors::TooManySessions(limits_.max_sessions);
  }
  const auto own =
      std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& entry) {
        return entry.second->share_key() == caller.share_key;
      });
  if (own >= int64_t{limits_.max_sessions_per_caller}) {
    return errors::TooManySessionsOfCaller(limits_.max_sessions_per_caller);
  }
  return absl::OkStatus();
}

void Sessions::CloseFailed(const CallInfo& caller) {
  std::vector<std::shared_ptr<Session>> failed;
  for (const auto& [name, session] : sessions_) {
    if (session->share_key() == caller.share_key && !session->is_used() &&
        session->processes()->state() == v1::SESSION_STATE_FAILED) {
      failed.push_back(session);
    }
  }
  for (const std::shared_ptr<Session>& session : failed) Close(session);
}

absl::StatusOr<std::shared_ptr<Session>> Sessions::Open(
    const CallInfo& caller, const v1::OpenSessionRequest& request,
    CaptureSource source) {
  RETURN_IF_ERROR(MakeRoom(caller));
  ASSIGN_OR_RETURN(SessionProcesses::Source opened,
                   SourceOf(std::move(source)));
  opened.log_ids = LogIdsOf(caller);
  return Add(caller, request, std::move(opened));
}

absl::StatusOr<std::shared_ptr<Session>> Sessions::OpenLive(
    const CallInfo& caller, const v1::OpenSessionRequest& request,
    std::shared_ptr<LiveFeed> feed, CaptureUse use) {
  RETURN_IF_ERROR(MakeRoom(caller));
  SessionProcesses::Source source;
  source.capture = request.capture();
  source.feed = std::move(feed);
  source.use = std::move(use);
  source.log_ids = LogIdsOf(caller);
  return Add(caller, request, std::move(source));
}

absl::Status Sessions::MakeRoom(const CallInfo& caller) {
  deps_.loop->AssertOnLoop();
  if (!CheckLimits(caller).ok()) CloseFailed(caller);
  return CheckLimits(caller);
}

absl::StatusOr<std::shared_ptr<Session>> Sessions::Add(
    const CallInfo& caller, v1::OpenSessionRequest request,
    SessionProcesses::Source source) {
  ASSIGN_OR_RETURN(
      EngineSupervisor* const engine,
      deps_.engines->Choose(ChosenEngine(caller, request.options().engine())));
  request.mutable_options()->set_engine(engine->engine());
  source.engine = engine;
  std::chrono::nanoseconds idle_timeout = limits_.idle_timeout;
  if (request.has_idle_timeout()) {
    idle_timeout =
        std::min(idle_timeout,
                 std::chrono::nanoseconds(std::max<int64_t>(
                     0, google::protobuf::util::TimeUtil::DurationToNanoseconds(
                            request.idle_timeout()))));
  }
  metrics::Count(metrics::Event::kSessionOpened);
  const std::string name = SessionName(NewResourceId());
  const std::string& file =
      request.has_capture() ? request.capture() : request.file();
  SessionReading reading = {WithoutSource(request)};
  std::shared_ptr<SessionProcesses> processes =
      ProcessesFor(caller.principal, reading, std::move(source));
  const auto session = std::make_shared<Session>(
      Session::Opening{name, caller.principal, caller.share_key, file,
                       idle_timeout},
      std::move(reading), std::move(processes));
  sessions_[name] = session;
  if (sessions_.size() == 1) StartTimer();
  return session;
}

std::shared_ptr<SessionProcesses> Sessions::ProcessesFor(
    const Principal& caller, const SessionReading& reading,
    SessionProcesses::Source source) {
  source.request = Serialize(reading.request);
  source.edits = reading.edits.ForReading().SerializeAsString();
  // Sessions that were opened on a capture at different times can have
  // different frames, as a ring deletes files.
  if (source.known_records > 0) return StartProcesses(std::move(source));
  std::weak_ptr<SessionProcesses>& known = processes_[KeyOf(caller, source)];
  std::shared_ptr<SessionProcesses> processes = known.lock();
  if (processes == nullptr || processes->state() == v1::SESSION_STATE_FAILED) {
    processes = StartProcesses(std::move(source));
    known = processes;
  }
  return processes;
}

std::shared_ptr<SessionProcesses> Sessions::StartProcesses(
    SessionProcesses::Source source) {
  return SessionProcesses::Start({deps_.loop, deps_.pool, limits_.memory_bytes,
                                  limits_.max_crashes, list_memory_},
                                 std::move(source));
}

absl::StatusOr<std::shared_ptr<Session>> Sessions::Find(
    const Principal& caller, const std::string& name) const {
  deps_.loop->AssertOnLoop();
  const auto found = sessions_.find(name);
  if (found == sessions_.end() || found->second->owner() != caller) {
    return errors::SessionNotFound(name);
  }
  return found->second;
}

absl::Status Sessions::Close(const Principal& caller, const std::string& name) {
  ASSIGN_OR_RETURN(const std::shared_ptr<Session> session, Find(caller, name));
  Close(session);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<SessionChange>> Sessions::Reload(
    const Principal& caller, const v1::ReloadSessionRequest& request,
    std::optional<CaptureSource> source, SessionChange::Listener listener) {
  ASSIGN_OR_RETURN(const std::shared_ptr<Session> session,
                   Find(caller, request.name()));
  RETURN_IF_ERROR(session->CheckReady());
  std::optional<SessionProcesses::Source> opened;
  if (source.has_value()) {
    ASSIGN_OR_RETURN(opened, SourceOf(*std::move(source)));
    if (session->processes()->IsOtherFile(opened->status)) {
      return errors::SessionFileChanged();
    }
  }
  v1::ReloadSessionRequest chosen = request;
  if (!request.options().engine().empty()) {
    ASSIGN_OR_RETURN(EngineSupervisor* const engine,
                     deps_.engines->Choose(request.options().engine()));
    chosen.mutable_options()->set_engine(engine->engine());
  }
  SessionChange::Steps steps;
  steps.plan = [request = std::move(chosen)](const Session& present) {
    return ReadingAfter(request, present);
  };
  steps.read = [this, caller, session, source = std::move(opened)](
                   const SessionReading& reading,
                   const SessionProcesses* before) mutable
      -> absl::StatusOr<SessionChange::Stage> {
    if (!source.has_value()) {
      ASSIGN_OR_RETURN(source, session->processes()->CopySource());
    }
    return ReadAgain(caller, reading, before, &*source);
  };
  return std::make_unique<SessionChange>(deps_.loop, session, std::move(steps),
                                         std::move(listener));
}

absl::StatusOr<SessionChange::Stage> Sessions::ReadAgain(
    const Principal& caller, const SessionReading& reading,
    const SessionProcesses* before, SessionProcesses::Source* source) {
  if (stopping_) return errors::ServerStopping();
  ASSIGN_OR_RETURN(source->engine,
                   deps_.engines->Choose(reading.request.options().engine()));
  const bool has_edits = reading.edits.ForReading().edits_size() > 0;
  if (before != nullptr || !has_edits || !reading.has_read_filter()) {
    if (before != nullptr) source->kept_records = before->kept_records();
    return SessionChange::Stage{
        ProcessesFor(caller, reading, std::move(*source))};
  }
  // The read filter looks at frames that aren't edited, so that edits keep
  // meaning the same frames.
  ASSIGN_OR_RETURN(SessionProcesses::Source unedited,
                   SessionProcesses::Copy(*source, source->file));
  return SessionChange::Stage{
      ProcessesFor(caller, {reading.request, {}}, std::move(unedited)),
      /*is_last=*/false};
}

absl::StatusOr<std::unique_ptr<SessionChange>> Sessions::Edit(
    const Principal& caller, const v1::EditSessionRequest& request,
    SessionChange::Listener listener) {
  ASSIGN_OR_RETURN(const std::shared_ptr<Session> session,
                   Find(caller, request.name()));
  SessionChange::Steps steps;
  steps.plan = [request](const Session& present) {
    return ReadingAfter(request, present);
  };
  steps.read =
      [this, caller, session](
          const SessionReading& reading,
          const SessionProcesses*) -> absl::StatusOr<SessionChange::Stage> {
    if (IsReadAs(reading, *session)) {
      return SessionChange::Stage{session->processes()};
    }
    ASSIGN_OR_RETURN(SessionProcesses::Source source,
                     session->processes()->CopySource());
    return ReadAgain(caller, reading, session->processes().get(), &source);
  };
  return std::make_unique<SessionChange>(deps_.loop, session, std::move(steps),
                                         std::move(listener));
}

absl::StatusOr<SessionExport> Sessions::Export(const Principal& caller,
                                               const std::string& name) const {
  ASSIGN_OR_RETURN(const std::shared_ptr<Session> session, Find(caller, name));
  RETURN_IF_ERROR(session->CheckReady());
  RETURN_IF_ERROR(CheckCanReadAgain(*session));
  SessionExport result;
  if (session->processes()->reads_capture()) {
    ASSIGN_OR_RETURN(result.prefix, session->processes()->CopyPrefix());
  } else {
    ASSIGN_OR_RETURN(result.source, session->processes()->CopySource());
  }
  result.file = session->file();
  result.request = session->reading().request;
  result.edits = session->reading().edits.All().SerializeAsString();
  result.kept_records = session->processes()->kept_records();
  return result;
}

void Sessions::Close(const std::shared_ptr<Session>& session) {
  sessions_.erase(session->name());
  session->Close();
  ForgetEnded();
}

void Sessions::ForgetEnded() {
  for (auto entry = processes_.begin(); entry != processes_.end();) {
    entry =
        entry->second.expired() ? processes_.erase(entry) : std::next(entry);
  }
}

absl::Status Sessions::List(const Principal& caller,
                            const v1::ListSessionsRequest& request,
                            v1::ListSessionsResponse* response) const {
  constexpr char kQuestion[] = "sessions";
  ASSIGN_OR_RETURN(const size_t page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after,
                   ParsePageToken(kQuestion, request.page_token()));
  std::map<std::string, v1::Session> in_order;
  for (const auto& [name, session] : sessions_) {
    if (session->owner() != caller) continue;
    v1::Session described = session->Describe();
    in_order[OrderOf(described)] = std::move(described);
  }
  std::string last;
  for (auto next = in_order.upper_bound(after); next != in_order.end();
       ++next) {
    if (static_cast<size_t>(response->sessions_size()) == page_size) {
      response->set_next_page_token(MakePageToken(kQuestion, last));
      break;
    }
    last = next->first;
    *response->add_sessions() = std::move(next->second);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<RunningQuery>> Sessions::Ask(
    CallContext* context, const std::string& name, QuestionPlan plan,
    QueryReader* reader) {
  context->AddResource(name);
  ASSIGN_OR_RETURN(std::shared_ptr<Session> session,
                   Find(context->principal(), name));
  context->AddResource(session->file());
  RETURN_IF_ERROR(session->CheckReady());
  ASSIGN_OR_RETURN(WorkerLimit::Permit permit, context->TakeWorkerPermit());
  auto question = std::make_unique<SessionQuestion>(
      SessionQuestion::Deps{deps_.loop, &line_}, std::move(session),
      std::move(plan),
      SessionQuestion::Asker{context->info().share_key, std::move(permit),
                             LogIdsOf(context->info()), reader});
  question->Begin();
  return question;
}

void Sessions::StartTimer() {
  timer_.Start(kLookInterval, [this] { Look(); });
}

void Sessions::Look() {
  std::vector<std::shared_ptr<Session>> idle;
  for (const auto& [name, session] : sessions_) {
    if (session->is_idle() || (stopping_ && !session->has_questions())) {
      idle.push_back(session);
    } else {
      session->Check();
    }
  }
  for (const std::shared_ptr<Session>& session : idle) Close(session);
  list_memory_->MakeRoom(nullptr);
  ForgetEnded();
  if (!sessions_.empty()) StartTimer();
}

Sessions::Totals Sessions::CountAll() const {
  deps_.loop->AssertOnLoop();
  Totals totals;
  totals.sessions = sessions_.size();
  for (const auto& [key, weak] : processes_) {
    const std::shared_ptr<SessionProcesses> processes = weak.lock();
    if (processes == nullptr) continue;
    totals.memory_bytes += processes->memory_bytes();
    totals.checkpoints += processes->checkpoint_count();
  }
  return totals;
}

void Sessions::Stop() {
  stopping_ = true;
  Look();
}

void Sessions::CloseAll() {
  stopping_ = true;
  timer_.Stop();
  while (!sessions_.empty()) {
    Close(std::shared_ptr<Session>(sessions_.begin()->second));
  }
}

}  // namespace dissectd::server

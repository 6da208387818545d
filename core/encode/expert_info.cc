// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/expert_info.h"

#include "core/epan/wireshark.h"

namespace dissectd::engine {

schema::Severity SeverityOf(uint32_t flags) {
  using schema::Severity;
  switch (flags & PI_SEVERITY_MASK) {
    case PI_COMMENT:
      return Severity::kComment;
    case PI_CHAT:
      return Severity::kChat;
    case PI_NOTE:
      return Severity::kNote;
    case PI_WARN:
      return Severity::kWarning;
    case PI_ERROR:
      return Severity::kError;
    default:
      return Severity::kUnspecified;
  }
}

schema::ExpertGroup ExpertGroupOf(uint32_t flags) {
  using schema::ExpertGroup;
  switch (flags & PI_GROUP_MASK) {
    case PI_CHECKSUM:
      return ExpertGroup::kChecksum;
    case PI_SEQUENCE:
      return ExpertGroup::kSequence;
    case PI_RESPONSE_CODE:
      return ExpertGroup::kResponseCode;
    case PI_REQUEST_CODE:
      return ExpertGroup::kRequestCode;
    case PI_UNDECODED:
      return ExpertGroup::kUndecoded;
    case PI_REASSEMBLE:
      return ExpertGroup::kReassemble;
    case PI_MALFORMED:
      return ExpertGroup::kMalformed;
    case PI_DEBUG:
      return ExpertGroup::kDebug;
    case PI_PROTOCOL:
      return ExpertGroup::kProtocol;
    case PI_SECURITY:
      return ExpertGroup::kSecurity;
    case PI_COMMENTS_GROUP:
      return ExpertGroup::kComments;
    case PI_DECRYPTION:
      return ExpertGroup::kDecryption;
    case PI_ASSUMPTION:
      return ExpertGroup::kAssumption;
    case PI_DEPRECATED:
      return ExpertGroup::kDeprecated;
    default:
      return ExpertGroup::kUnspecified;
  }
}

}  // namespace dissectd::engine

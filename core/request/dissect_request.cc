// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/request/dissect_request.h"

#include <protozero/pbf_message.hpp>

#include "core/base/wire_bool.h"
#include "core/request/request_reading.h"

namespace dissectd::engine {
namespace {

// Field numbers, message by message, as in
// proto/dissectd/v1/dissection.proto.
enum class RequestTag : protozero::pbf_tag_type {
  kView = 3,
  kOptions = 4,
  kBatch = 5,
  kLive = 7,
};
enum class LiveTag : protozero::pbf_tag_type {
  kResetAfterFrames = 2,
  kResetAfterMib = 3,
};
enum class ViewTag : protozero::pbf_tag_type {
  kDisplayFilter = 1,
  kRange = 2,
  kColumns = 3,
  kFields = 4,
  kTree = 5,
  kTreeProtocols = 6,
  kLabels = 7,
  kBytes = 8,
};
enum class SelectionTag : protozero::pbf_tag_type { kProfile = 1, kColumns };
enum class ColumnTag : protozero::pbf_tag_type {
  kFormat = 1,
  kTitle,
  kCustomFields,
  kCustomOccurrence,
  kResolved,
};
enum class OptionsTag : protozero::pbf_tag_type {
  kTwoPass = 1,
  kReadFilter,
  kNameResolution,
  kTimestampFormat,
  kPreferences,
  kDecodeAs,
  kDisabledProtocols,
  kEnabledProtocols,
  kDisabledHeuristics,
  kEnabledHeuristics,
  kTlsKeyLog,
  kHosts,
  kTimeZone,
  kDefaultDecodeAs,
};
enum class ResolutionTag : protozero::pbf_tag_type {
  kMac = 1,
  kNetwork,
  kTransport,
  kCapturedDns,
  kExternalResolver,
  kVlan,
};
enum class TimeTag : protozero::pbf_tag_type {
  kType = 1,
  kPrecision,
  kSecondsType,
};
enum class PreferenceTag : protozero::pbf_tag_type { kName = 1, kValue };
enum class DecodeAsTag : protozero::pbf_tag_type {
  kTable = 1,
  kSelector,
  kProtocol,
};
enum class BatchTag : protozero::pbf_tag_type { kMaxFrames = 1, kMaxBytes };

absl::string_view Bytes(protozero::data_view bytes) {
  return {bytes.data(), bytes.size()};
}

ColumnSpec ReadColumn(protozero::data_view bytes) {
  ColumnSpec column;
  protozero::pbf_message<ColumnTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case ColumnTag::kFormat:
        column.format = Text(&message);
        break;
      case ColumnTag::kTitle:
        column.title = Text(&message);
        break;
      case ColumnTag::kCustomFields:
        column.custom_fields = Text(&message);
        break;
      case ColumnTag::kCustomOccurrence:
        column.custom_occurrence = message.get_int32();
        break;
      case ColumnTag::kResolved:
        column.resolved = GetBool(&message);
        break;
      default:
        message.skip();
    }
  }
  return column;
}

ColumnSelection ReadColumnSelection(protozero::data_view bytes) {
  ColumnSelection selection;
  protozero::pbf_message<SelectionTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case SelectionTag::kProfile:
        selection.profile = GetBool(&message);
        break;
      case SelectionTag::kColumns:
        selection.columns.push_back(ReadColumn(message.get_view()));
        break;
      default:
        message.skip();
    }
  }
  return selection;
}

View ReadView(protozero::data_view bytes) {
  View view;
  protozero::pbf_message<ViewTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case ViewTag::kDisplayFilter:
        view.display_filter = Text(&message);
        break;
      case ViewTag::kRange:
        view.range = ReadFrameRange(Bytes(message.get_view()));
        break;
      case ViewTag::kColumns:
        view.columns = ReadColumnSelection(message.get_view());
        break;
      case ViewTag::kFields:
        view.fields.push_back(Text(&message));
        break;
      case ViewTag::kTree:
        view.tree = static_cast<TreeDetail>(message.get_enum());
        break;
      case ViewTag::kTreeProtocols:
        view.tree_protocols.push_back(Text(&message));
        break;
      case ViewTag::kLabels:
        view.labels = GetBool(&message);
        break;
      case ViewTag::kBytes:
        view.bytes = static_cast<ByteDetail>(message.get_enum());
        break;
      default:
        message.skip();
    }
  }
  return view;
}

NameResolutionFlags ReadNameResolution(protozero::data_view bytes) {
  NameResolutionFlags flags;
  protozero::pbf_message<ResolutionTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case ResolutionTag::kMac:
        flags.mac = GetBool(&message);
        break;
      case ResolutionTag::kNetwork:
        flags.network = GetBool(&message);
        break;
      case ResolutionTag::kTransport:
        flags.transport = GetBool(&message);
        break;
      case ResolutionTag::kCapturedDns:
        flags.captured_dns = GetBool(&message);
        break;
      case ResolutionTag::kExternalResolver:
        flags.external_resolver = GetBool(&message);
        break;
      case ResolutionTag::kVlan:
        flags.vlan = GetBool(&message);
        break;
      default:
        message.skip();
    }
  }
  return flags;
}

TimeFormat ReadTimeFormat(protozero::data_view bytes) {
  TimeFormat format;
  protozero::pbf_message<TimeTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case TimeTag::kType:
        format.type = message.get_enum();
        break;
      case TimeTag::kPrecision:
        format.precision = message.get_enum();
        break;
      case TimeTag::kSecondsType:
        format.seconds_type = message.get_enum();
        break;
      default:
        message.skip();
    }
  }
  return format;
}

PreferenceSetting ReadPreference(protozero::data_view bytes) {
  PreferenceSetting setting;
  protozero::pbf_message<PreferenceTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case PreferenceTag::kName:
        setting.name = Text(&message);
        break;
      case PreferenceTag::kValue:
        setting.value = Text(&message);
        break;
      default:
        message.skip();
    }
  }
  return setting;
}

DecodeAsRule ReadDecodeAs(protozero::data_view bytes) {
  DecodeAsRule rule;
  protozero::pbf_message<DecodeAsTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case DecodeAsTag::kTable:
        rule.table = Text(&message);
        break;
      case DecodeAsTag::kSelector:
        rule.selector = Text(&message);
        break;
      case DecodeAsTag::kProtocol:
        rule.protocol = Text(&message);
        break;
      default:
        message.skip();
    }
  }
  return rule;
}

DissectionOptions ReadOptions(protozero::data_view bytes) {
  DissectionOptions options;
  protozero::pbf_message<OptionsTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case OptionsTag::kTwoPass:
        options.two_pass = GetBool(&message);
        break;
      case OptionsTag::kReadFilter:
        options.read_filter = Text(&message);
        break;
      case OptionsTag::kNameResolution:
        options.name_resolution = ReadNameResolution(message.get_view());
        break;
      case OptionsTag::kTimestampFormat:
        options.time_format = ReadTimeFormat(message.get_view());
        break;
      case OptionsTag::kPreferences:
        options.preferences.push_back(ReadPreference(message.get_view()));
        break;
      case OptionsTag::kDecodeAs:
        options.decode_as.push_back(ReadDecodeAs(message.get_view()));
        break;
      case OptionsTag::kDisabledProtocols:
        options.protocols.disabled_protocols.push_back(Text(&message));
        break;
      case OptionsTag::kEnabledProtocols:
        options.protocols.enabled_protocols.push_back(Text(&message));
        break;
      case OptionsTag::kDisabledHeuristics:
        options.protocols.disabled_heuristics.push_back(Text(&message));
        break;
      case OptionsTag::kEnabledHeuristics:
        options.protocols.enabled_heuristics.push_back(Text(&message));
        break;
      case OptionsTag::kTlsKeyLog:
        options.tls_key_log = message.get_bytes();
        break;
      case OptionsTag::kHosts:
        options.hosts = message.get_bytes();
        break;
      case OptionsTag::kTimeZone:
        options.time_zone = Text(&message);
        break;
      case OptionsTag::kDefaultDecodeAs:
        options.default_decode_as = GetBool(&message);
        break;
      default:
        message.skip();
    }
  }
  return options;
}

BatchOptions ReadBatch(protozero::data_view bytes) {
  BatchOptions batch;
  protozero::pbf_message<BatchTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case BatchTag::kMaxFrames:
        batch.max_frames = message.get_uint32();
        break;
      case BatchTag::kMaxBytes:
        batch.max_bytes = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  return batch;
}

LiveOptions ReadLive(protozero::data_view bytes) {
  LiveOptions live;
  protozero::pbf_message<LiveTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case LiveTag::kResetAfterFrames:
        live.reset_after_frames = message.get_uint32();
        break;
      case LiveTag::kResetAfterMib:
        live.reset_after_mib = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  return live;
}

DissectRequest ReadDissectRequest(protozero::data_view bytes) {
  DissectRequest request;
  protozero::pbf_message<RequestTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case RequestTag::kView:
        request.view = ReadView(message.get_view());
        break;
      case RequestTag::kOptions:
        request.options = ReadOptions(message.get_view());
        break;
      case RequestTag::kBatch:
        request.batch = ReadBatch(message.get_view());
        break;
      case RequestTag::kLive:
        request.live = ReadLive(message.get_view());
        break;
      default:
        message.skip();
    }
  }
  return request;
}

}  // namespace

absl::StatusOr<DissectRequest> ParseDissectRequest(absl::string_view bytes) {
  return ReadRequestWith("DissectRequest", [bytes] {
    return ReadDissectRequest({bytes.data(), bytes.size()});
  });
}

absl::StatusOr<ColumnSpec> ParseColumn(absl::string_view bytes) {
  return ReadRequestWith("Column", [bytes] {
    return ReadColumn({bytes.data(), bytes.size()});
  });
}

absl::StatusOr<DissectionOptions> ParseDissectionOptions(
    absl::string_view bytes) {
  return ReadRequestWith("DissectionOptions", [bytes] {
    return ReadOptions({bytes.data(), bytes.size()});
  });
}

}  // namespace dissectd::engine

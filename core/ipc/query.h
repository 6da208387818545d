// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_IPC_QUERY_H_
#define CORE_IPC_QUERY_H_

#include <cstddef>
#include <cstdint>

namespace dissectd::ipc {

// The queries that workers answer. Each is a method of a service of
// dissectd.v1, whose request and responses are forwarded unchanged.
enum class Query : uint32_t {
  // Methods of RegistryService.
  kListProtocols = 1,
  kListFields = 2,
  kLookupFields = 3,
  kListNamedValues = 4,
  kReadRegistry = 5,
  kListFieldTypes = 6,
  kListColumnFormats = 7,
  kListEncapsulations = 8,
  kListFileTypes = 9,
  kListDissectorTables = 10,
  kListTimestampTypes = 11,
  kParseValue = 12,
  kFormatValue = 13,
  kListPlugins = 14,
  kListHeuristicDissectors = 15,
  kListDissectorTableEntries = 16,
  kValidateColumn = 17,
  kGetProtocol = 18,
  // Methods of FilterService.
  kCompileFilter = 20,
  kCompleteFilter = 21,
  kListFilterMacros = 22,
  kListSavedFilters = 23,
  // Methods of PreferenceService.
  kListPreferenceModules = 30,
  kListPreferences = 31,
  kValidateOptions = 32,
  kExportPreferences = 33,
  kListDecodeAsTables = 34,
  kGetPreference = 35,
  kListProfiles = 36,
  kGetCurrentProfile = 37,
  // Methods of FileService that read a capture.
  kDescribeCapture = 40,
  kReadRecords = 41,
  // Methods of ExportService that read captures. The second one sends its
  // request without the name, and its response without the file, as the others
  // do. The query comes with the descriptor of the file to write; for the first
  // two also with those of further files of the capture, for
  // kMergeFiles also with those of the captures to read, whose names are their
  // paths in the store; and for both with one of an empty file to use on the
  // way. kSplitFile writes its files behind each other into the first one.
  kExportPackets = 50,
  kExportPacketsToFile = 51,
  kMergeFiles = 52,
  kSplitFile = 53,
  // Methods of ServerService.
  kDescribeLibraries = 60,
  // Questions to a session's worker and its forks. The first three change the
  // process that answers them, as they are seen by the forks that come later.
  //
  // An OpenSessionRequest, to the worker itself. The response is an
  // OpenSessionResponse whose session has the file_info.
  kOpenSession = 70,
  // No request, to a fork of the worker, which reads the capture without the
  // frames that crash in the first pass. The responses are
  // OpenSessionResponses: with progress, and at last with a session that has
  // the number and the times of its frames, and the error of reading.
  kReadSession = 71,
  // A SkipFrames, to a fork of the process that has read the capture, also if
  // it
  // has skipped earlier frames, and forked: dissects the frames of the second
  // pass up to that frame. There is no response. Its forks then answer about
  // later frames.
  kSkipFrames = 72,
  // Methods of SessionService, each to a fork that answers only this. The
  // requests of the first two begin with a FrameSelection, and don't say which
  // other frames are displayed or how many are in the list: those parts of the
  // response are left to dissectd.
  kGetFrame = 73,
  kListFrames = 74,
  // A FrameSelection without frames for `within_display_filter`, a
  // SearchedFrames, and a FindFrameRequest that doesn't search for a filter.
  kFindFrame = 75,
  // A DissectionStart, its KnownCrashes, and a DissectRequest without its
  // source and options. The responses are those of Dissect. A fork that has
  // skipped frames must not have skipped any of the range, and answers only for
  // views without a filter or a limit.
  kDissectSession = 76,
  // A ListFramesRequest of which only the filter is used, to a fork of the
  // process that has read the capture. The response is a bitmap with a bit for
  // each frame, from 1 on, lowest first.
  kFilterFrames = 77,
  // A FrameSelection without frames and a ListFramesRequest with a column to
  // sort by or a range, to a fork of the process that has read the capture. The
  // responses have the numbers of all frames of the list in their order, each a
  // uint32_t.
  kSortFrames = 78,
  // No request, to the process that has read the capture. The response is a
  // bitmap with a bit for each record, lowest first: whether it passed the read
  // filter. It is empty without a filter.
  kKeptRecords = 79,
  // Methods of AnalysisService, to a separate worker or to a fork of a session.
  kListReports = 80,
  kRunStatistics = 81,
  kFollowStream = 82,
  kListExportObjects = 83,
  kReadExportObjects = 84,
  kExportTlsSecrets = 85,
  // To a session's fork: a FollowStreamRequest with a frame number. The
  // response is a StreamSelection and the filter of the stream.
  kSelectStream = 86,
  // To a session's fork: that response and the FollowStreamRequest. The
  // responses are those of kFollowStream.
  kFollowSelectedStream = 87,
  // No request, to a fork of the worker of a live session, which then gets a
  // kLiveFile. Reads the capture until it ends, and forks meanwhile. The
  // responses are those of kReadSession, but the session comes whenever there
  // are more frames, at most a few times a second. kReadSession, to a fork of
  // it, only tells which frames that has.
  kReadLiveSession = 88,
  // A ListFramesRequest without a page, an order and a range, to a fork of the
  // process that has read the capture. Each response is a ListPart, followed by
  // what its kind tells: a header, the lines of all frames that pass the
  // filter,
  // in order, and the bitmap if there is a filter. Only the bitmap comes if the
  // columns are wrong.
  kListLines = 89,
  // A WatchStatisticsRequest, to a worker of a live capture, which then gets a
  // kLiveFile. Reads the capture until it ends, and forks meanwhile. It has no
  // response.
  kWatchStatistics = 90,
  // No request, to a fork of the process that has got kWatchStatistics. The
  // responses are those of WatchStatistics for one round; none if there were no
  // more frames since the fork before.
  kFinishStatistics = 91,
};

// The payload of kQuery begins with this. It is followed by `crash_count`
// KnownCrashes, by `edit_bytes` of a serialised GetSessionEditsResponse, by
// `kept_bytes` of the response to kKeptRecords, by `name_bytes` of the names of
// further files, each with a null after it, and by the serialised request.
// Queries that open a capture read it with these edits. For other questions to
// a session they have the frames that are marked.
struct QueryHeader {
  Query query;
  // The number of KnownCrashes: the frames of a session that are left out.
  uint32_t crash_count;
  uint32_t edit_bytes;
  uint32_t kept_bytes;
  // The maximum size of the file to write, if there is one.
  uint64_t max_output_bytes;
  uint32_t name_bytes;
  // Whether there is a limit of records, which counts those of all files of a
  // capture.
  uint32_t limits_records;
  uint32_t max_records;
  uint32_t reserved;
};

// The request of kSkipFrames.
struct SkipFrames {
  // The last frame to skip.
  uint32_t last_frame;
};

// The requests of kGetFrame, kListFrames and others begin with this. It is
// followed by `bitmap_bytes` of what kFilterFrames has answered for the display
// filter of the request, and by `frame_count` numbers of frames, each a
// uint32_t; the serialised request comes last.
struct FrameSelection {
  // 0 if the request has no display filter.
  uint32_t bitmap_bytes;
  // The frames to list, which may be in any order; 0 for kGetFrame.
  uint32_t frame_count;
};

// A page of kListFrames ends after the frame with which the texts of its
// columns have more bytes than this.
inline constexpr size_t kMaxPageTextBytes = size_t{4} << 20;

// The responses to kListLines begin with this.
struct ListPart {
  enum Kind : uint32_t {
    // Followed by a ListFramesResponse with the columns and all colouring
    // rules.
    kHeader = 1,
    // Followed by a ListFramesResponse with lines, whose colouring rules are
    // those of the header, compressed by zlib.
    kLines = 2,
    // Followed by what kFilterFrames answers for the filter.
    kBits = 3,
  };

  Kind kind;
  // For lines: those of the frames of this range that pass the filter.
  uint32_t first_frame;
  uint32_t last_frame;
  // Their size before they were compressed.
  uint32_t line_bytes;
};

// The frames in which kFindFrame looks for the first match, or for the last one
// if the search goes backward.
struct SearchedFrames {
  uint32_t first_frame;
  uint32_t last_frame;
};

// A stream that a frame belongs to.
struct StreamSelection {
  // The number of the stream in the stream, as libwireshark's followers know
  // it.
  uint64_t sub_stream;
  // The length of the filter that follows, in bytes.
  uint32_t filter_bytes;
  uint32_t reserved;
};

}  // namespace dissectd::ipc

#endif  // CORE_IPC_QUERY_H_

// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_journal.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/principal.h"

namespace dissectd::server {
namespace {

constexpr char kCreator[] = "alice";

std::string TextOf(const CaptureHistory& history) {
  std::string text =
      absl::StrCat(history.creator().id, history.description().DebugString());
  for (const v1::CaptureFile& file : history.files()) {
    absl::StrAppend(&text, file.DebugString());
  }
  for (const v1::CaptureEvent& event : history.log().events()) {
    absl::StrAppend(&text, event.DebugString());
  }
  return text;
}

// A history and its journal: a snapshot from its beginning, then events.
class Recorder {
 public:
  Recorder() {
    v1::Capture description;
    description.set_name("captures/one");
    description.mutable_options()->add_interfaces()->set_name("lo");
    description.mutable_options()->mutable_ring()->set_files(3);
    history_ = CaptureHistory(description, {kCreator});
    journal_ = EncodeHistory(history_);
  }

  void Open(const std::string& file) {
    v1::CaptureEvent event;
    event.mutable_file_opened()->set_file(file);
    Add(event);
  }
  void Write(uint64_t packets) {
    v1::CaptureEvent event;
    event.mutable_packets_written()->set_new_packets(packets);
    event.mutable_packets_written()->set_total_packets(
        history_.description().packets_written() + packets);
    Add(event);
  }
  // Records files with packets. If `keep_texts`, also keeps the history after
  // each entry as text, which takes long for many.
  void Record(int files, bool keep_texts = true) {
    keep_texts_ = keep_texts;
    for (int i = 0; i < files; ++i) {
      Open(absl::StrCat("file", i));
      Write(2);
      Write(5);
    }
  }

  const CaptureHistory& history() const { return history_; }
  const std::string& journal() const { return journal_; }
  // The lengths of the journal after each entry.
  const std::vector<size_t>& ends() const { return ends_; }
  // The history as text at each of these lengths.
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  void Add(const v1::CaptureEvent& event) {
    if (keep_texts_) {
      ends_.push_back(journal_.size());
      texts_.push_back(TextOf(history_));
    }
    history_.Add(event);
    journal_ +=
        EncodeEvent(*history_.log().After(history_.log().last_sequence() - 1));
  }

  bool keep_texts_ = true;
  CaptureHistory history_;
  std::string journal_;
  std::vector<size_t> ends_;
  std::vector<std::string> texts_;
};

TEST(CaptureJournalTest, SaysWhatWasRecorded) {
  Recorder recorder;
  recorder.Record(5);
  const std::optional<CaptureJournal> read = DecodeJournal(recorder.journal());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(TextOf(read->history), TextOf(recorder.history()));
  EXPECT_EQ(read->size, recorder.journal().size());
  EXPECT_EQ(read->history.description().files_deleted(), 2u);
}

TEST(CaptureJournalTest, ASnapshotSaysTheSameAndIsNoLonger) {
  Recorder recorder;
  recorder.Record(2'000, /*keep_texts=*/false);
  const std::string snapshot = EncodeHistory(recorder.history());
  EXPECT_LT(snapshot.size(), recorder.journal().size());
  const std::optional<CaptureJournal> read = DecodeJournal(snapshot);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(TextOf(read->history), TextOf(recorder.history()));
}

TEST(CaptureJournalTest, SaysWhoCreatedTheCapture) {
  const Recorder recorder;
  EXPECT_EQ(DecodeJournal(recorder.journal())->history.creator().id, kCreator);
}

TEST(CaptureJournalTest, ACreatorThatIsNotNamedIsAnonymous) {
  const Recorder recorder;
  std::string journal = recorder.journal();
  // The creator's entry comes first: a length, a checksum, a kind and the id.
  const size_t size = 4 + 4 + 1 + std::strlen(kCreator);
  journal.erase(journal.find('\n') + 1, size);
  const std::optional<CaptureJournal> read = DecodeJournal(journal);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->history.creator(), Principal());
  EXPECT_EQ(read->history.description().name(), "captures/one");
}

TEST(CaptureJournalTest, ACreatorThatIsNotTextIsGarbage) {
  const CaptureHistory history(v1::Capture(), {"\xff", {}, {}});
  EXPECT_FALSE(DecodeJournal(EncodeHistory(history)).has_value());
}

// Truncates the last entry at every length.
TEST(CaptureJournalTest, ATornTailIsCut) {
  Recorder recorder;
  recorder.Record(3);
  for (size_t i = 0; i < recorder.ends().size(); ++i) {
    const size_t begin = recorder.ends()[i];
    const size_t end = i + 1 < recorder.ends().size()
                           ? recorder.ends()[i + 1]
                           : recorder.journal().size();
    for (size_t size = begin; size < end; ++size) {
      const std::optional<CaptureJournal> read =
          DecodeJournal(absl::string_view(recorder.journal()).substr(0, size));
      ASSERT_TRUE(read.has_value()) << size;
      EXPECT_EQ(read->size, begin) << size;
      EXPECT_EQ(TextOf(read->history), recorder.texts()[i]) << size;
    }
  }
}

TEST(CaptureJournalTest, NothingComesFromADescriptionThatIsCutShort) {
  const Recorder recorder;
  for (size_t size = 0; size < recorder.journal().size(); ++size) {
    EXPECT_FALSE(
        DecodeJournal(absl::string_view(recorder.journal()).substr(0, size))
            .has_value())
        << size;
  }
}

// A flipped bit invalidates its entry and all later ones, but none before.
TEST(CaptureJournalTest, ADamagedEntryEndsIt) {
  Recorder recorder;
  recorder.Record(2);
  for (size_t i = 0; i < recorder.ends().size(); ++i) {
    const size_t end = i + 1 < recorder.ends().size()
                           ? recorder.ends()[i + 1]
                           : recorder.journal().size();
    for (size_t at = recorder.ends()[i]; at < end; ++at) {
      std::string damaged = recorder.journal();
      damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
      const std::optional<CaptureJournal> read = DecodeJournal(damaged);
      ASSERT_TRUE(read.has_value());
      EXPECT_EQ(read->size, recorder.ends()[i]) << at;
      EXPECT_EQ(TextOf(read->history), recorder.texts()[i]) << at;
    }
  }
}

TEST(CaptureJournalTest, EventsThatOccurTwiceCountOnce) {
  Recorder recorder;
  recorder.Record(4);
  const std::string entries =
      recorder.journal().substr(recorder.ends().front());
  const std::optional<CaptureJournal> read =
      DecodeJournal(recorder.journal() + entries);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(TextOf(read->history), TextOf(recorder.history()));
  EXPECT_EQ(read->size, recorder.journal().size() + entries.size());
}

TEST(CaptureJournalTest, GarbageIsNoJournal) {
  std::mt19937 random(1);
  Recorder recorder;
  recorder.Record(3);
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes(random() % 200, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    EXPECT_FALSE(DecodeJournal(bytes).has_value());
    // The rest is dropped.
    const std::optional<CaptureJournal> read =
        DecodeJournal(recorder.journal() + bytes);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->size, recorder.journal().size());
  }
}

// Changes, removes and repeats random bytes: what is read is intact, and
// reading the intact part again gives the same.
TEST(CaptureJournalTest, AnyBytesAreReadSafely) {
  std::mt19937 random(2);
  Recorder recorder;
  recorder.Record(5);
  for (int i = 0; i < 5'000; ++i) {
    std::string bytes = recorder.journal();
    for (auto changes = random() % 4; changes > 0; --changes) {
      const size_t at = random() % bytes.size();
      switch (random() % 3) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, random() % 50);
          break;
        default:
          bytes.insert(at, bytes.substr(random() % bytes.size(), 50));
      }
      if (bytes.empty()) bytes = "x";
    }
    const std::optional<CaptureJournal> read = DecodeJournal(bytes);
    if (!read.has_value()) continue;
    ASSERT_LE(read->size, bytes.size());
    const std::optional<CaptureJournal> again =
        DecodeJournal(absl::string_view(bytes).substr(0, read->size));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->size, read->size);
    EXPECT_EQ(TextOf(again->history), TextOf(read->history));
  }
}

}  // namespace
}  // namespace dissectd::server

// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_lists.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dissectd::server {
namespace {

// gRPC's clients accept 4 MiB by default.
constexpr size_t kSafeSize = 2 << 20;

class CaptureListsTest : public ::testing::Test {
 protected:
  void AddCapture(int64_t created, v1::CaptureState state) {
    v1::Capture capture;
    capture.set_name(absl::StrCat("captures/", captures_.size()));
    capture.mutable_create_time()->set_seconds(created);
    capture.set_state(state);
    captures_.push_back(capture);
  }

  // Returns the names on all pages.
  std::vector<std::string> List(v1::ListCapturesRequest request) const {
    std::vector<const v1::Capture*> all;
    for (const v1::Capture& capture : captures_) all.push_back(&capture);
    std::vector<std::string> names;
    do {
      v1::ListCapturesResponse response;
      EXPECT_TRUE(ListCaptures(all, request, &response).ok());
      EXPECT_LT(response.ByteSizeLong(), kSafeSize);
      for (const v1::Capture& capture : response.captures()) {
        names.push_back(capture.name());
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  std::deque<v1::Capture> captures_;
};

TEST_F(CaptureListsTest, CapturesComeInTheOrderOfTheirCreation) {
  AddCapture(30, v1::CAPTURE_STATE_RUNNING);
  AddCapture(10, v1::CAPTURE_STATE_STOPPED);
  AddCapture(20, v1::CAPTURE_STATE_FAILED);
  v1::ListCapturesRequest request;
  request.set_page_size(2);
  EXPECT_EQ(List(request), (std::vector<std::string>{"captures/1", "captures/2",
                                                     "captures/0"}));
}

TEST_F(CaptureListsTest, OnlyTheStatesThatAreAskedFor) {
  for (int i = 0; i < 5; ++i) AddCapture(i, v1::CAPTURE_STATE_STOPPED);
  AddCapture(5, v1::CAPTURE_STATE_RUNNING);
  AddCapture(6, v1::CAPTURE_STATE_FAILED);
  v1::ListCapturesRequest request;
  request.set_page_size(1);
  request.add_states(v1::CAPTURE_STATE_RUNNING);
  request.add_states(v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(List(request),
            (std::vector<std::string>{"captures/5", "captures/6"}));
  // The token belongs to another request.
  const v1::Capture* capture = &captures_[0];
  v1::ListCapturesResponse response;
  v1::ListCapturesRequest all;
  all.set_page_size(1);
  ASSERT_TRUE(ListCaptures({capture, &captures_[1]}, all, &response).ok());
  request.set_page_token(response.next_page_token());
  EXPECT_FALSE(ListCaptures({capture}, request, &response).ok());
}

TEST_F(CaptureListsTest, APageOfLargeCapturesIsShort) {
  for (int i = 0; i < 100; ++i) {
    AddCapture(i, v1::CAPTURE_STATE_RUNNING);
    captures_.back().mutable_options()->set_comment(std::string(300'000, 'x'));
  }
  v1::ListCapturesRequest request;
  request.set_page_size(1'000);
  EXPECT_EQ(List(request).size(), 100u);
}

class CaptureFileListTest : public ::testing::Test {
 protected:
  CaptureFileListTest() : CaptureFileListTest(0) {}
  explicit CaptureFileListTest(uint32_t ring_files) {
    v1::Capture description;
    description.mutable_options()->mutable_ring()->set_files(ring_files);
    history_ = CaptureHistory(description);
  }

  void Open(int count) {
    for (int i = 0; i < count; ++i) {
      v1::CaptureEvent event;
      event.mutable_file_opened()->set_file(absl::StrCat(
          "files/captures/some-id/file_", history_.files_opened()));
      history_.Add(event);
    }
  }

  v1::ListCaptureFilesResponse Page(int size, const std::string& token) const {
    v1::ListCaptureFilesRequest request;
    request.set_name("captures/some-id");
    request.set_page_size(size);
    request.set_page_token(token);
    v1::ListCaptureFilesResponse response;
    EXPECT_TRUE(ListCaptureFiles(history_, request, &response).ok());
    return response;
  }

  CaptureHistory history_;
};

TEST_F(CaptureFileListTest, PagesHaveAllFiles) {
  EXPECT_EQ(Page(0, "").files_size(), 0);
  Open(2'345);
  std::string token;
  int files = 0;
  do {
    const v1::ListCaptureFilesResponse page = Page(1'000, token);
    for (const v1::CaptureFile& file : page.files()) {
      EXPECT_EQ(file.file(),
                absl::StrCat("files/captures/some-id/file_", files++));
    }
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(files, 2'345);
}

class RingFileListTest : public CaptureFileListTest {
 protected:
  RingFileListTest() : CaptureFileListTest(10) {}
};

TEST_F(RingFileListTest, FilesThatAreDeletedInBetweenAreLeftOut) {
  Open(10);
  const v1::ListCaptureFilesResponse first = Page(4, "");
  EXPECT_EQ(first.files(3).file(), "files/captures/some-id/file_3");
  Open(6);
  const v1::ListCaptureFilesResponse second =
      Page(1'000, first.next_page_token());
  ASSERT_EQ(second.files_size(), 10);
  EXPECT_EQ(second.files(0).file(), "files/captures/some-id/file_6");
  EXPECT_EQ(second.next_page_token(), "");
}

}  // namespace
}  // namespace dissectd::server

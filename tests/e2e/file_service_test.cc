// SPDX-License-Identifier: GPL-2.0-or-later

// Tests FileService: listing files, and uploads with everything that can go
// wrong.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "dissectd/v1/file.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

class FileServiceTest : public ::testing::Test {
 protected:
  FileServiceTest() : FileServiceTest(std::vector<std::string>()) {}
  explicit FileServiceTest(const std::vector<std::string>& arguments)
      : daemon_(arguments),
        stub_(v1::FileService::NewStub(daemon_.Connect())) {}

  grpc::Status Create(const std::string& file_name, v1::Upload* upload,
                      const std::string& sha256 = "") {
    grpc::ClientContext context;
    v1::CreateUploadRequest request;
    request.set_file_name(file_name);
    request.set_sha256(sha256);
    v1::CreateUploadResponse response;
    const grpc::Status status =
        stub_->CreateUpload(&context, request, &response);
    *upload = response.upload();
    return status;
  }

  // Sends the chunks in one call.
  grpc::Status Write(const std::vector<v1::WriteUploadRequest>& pieces,
                     v1::Upload* upload) {
    grpc::ClientContext context;
    v1::WriteUploadResponse response;
    const auto writer = stub_->WriteUpload(&context, &response);
    for (const v1::WriteUploadRequest& piece : pieces) {
      if (!writer->Write(piece)) break;
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    *upload = response.upload();
    return status;
  }

  grpc::Status Get(const std::string& name, v1::Upload* upload) {
    grpc::ClientContext context;
    v1::GetUploadRequest request;
    request.set_name(name);
    v1::GetUploadResponse response;
    const grpc::Status status = stub_->GetUpload(&context, request, &response);
    *upload = response.upload();
    return status;
  }

  grpc::Status DeleteFile(const std::string& name) {
    grpc::ClientContext context;
    v1::DeleteFileRequest request;
    request.set_name(name);
    v1::DeleteFileResponse response;
    return stub_->DeleteFile(&context, request, &response);
  }

  grpc::Status DeleteUpload(const std::string& name) {
    grpc::ClientContext context;
    v1::DeleteUploadRequest request;
    request.set_name(name);
    v1::DeleteUploadResponse response;
    return stub_->DeleteUpload(&context, request, &response);
  }

  grpc::Status List(const v1::ListFilesRequest& request,
                    v1::ListFilesResponse* response) {
    grpc::ClientContext context;
    return stub_->ListFiles(&context, request, response);
  }

  grpc::Status GetFile(const std::string& name, v1::File* file) {
    grpc::ClientContext context;
    v1::GetFileRequest request;
    request.set_name(name);
    v1::GetFileResponse response;
    const grpc::Status status = stub_->GetFile(&context, request, &response);
    *file = response.file();
    return status;
  }

  grpc::Status Append(uint64_t offset, const std::string& data, bool finish) {
    grpc::ClientContext context;
    v1::AppendUploadRequest request;
    request.set_name(upload_.name());
    request.set_offset(offset);
    request.set_data(data);
    request.set_finish(finish);
    v1::AppendUploadResponse response;
    const grpc::Status status =
        stub_->AppendUpload(&context, request, &response);
    if (status.ok()) upload_ = response.upload();
    return status;
  }

  // Reads bytes of a file, and counts the messages that they come in.
  grpc::Status ReadFile(const v1::ReadFileRequest& request, std::string* bytes,
                        int* messages) {
    grpc::ClientContext context;
    const auto reader = stub_->ReadFile(&context, request);
    v1::ReadFileResponse response;
    bytes->clear();
    for (*messages = 0; reader->Read(&response); ++*messages) {
      EXPECT_LE(response.data().size(), size_t{1} << 20);
      *bytes += response.data();
    }
    return reader->Finish();
  }

  static v1::WriteUploadRequest Piece(const std::string& name, uint64_t offset,
                                      const std::string& data, bool finish) {
    v1::WriteUploadRequest piece;
    piece.set_name(name);
    piece.set_offset(offset);
    piece.set_data(data);
    piece.set_finish(finish);
    return piece;
  }

  std::string ContentOf(const std::string& name) const {
    std::ifstream file(daemon_.store().path() + "/" +
                       name.substr(sizeof("files/") - 1));
    std::stringstream content;
    content << file.rdbuf();
    return content.str();
  }

  DaemonProcess daemon_;
  std::unique_ptr<v1::FileService::Stub> stub_;
  v1::Upload upload_;
};

TEST_F(FileServiceTest, ListsInPages) {
  for (const char* name : {"b", "a/1", "a/2", "c", ".hidden"}) {
    daemon_.store().Write(name, "x");
  }
  std::filesystem::create_symlink("b", daemon_.store().path() + "/link");
  v1::ListFilesRequest request;
  request.set_page_size(3);
  v1::ListFilesResponse page;
  ASSERT_TRUE(List(request, &page).ok());
  ASSERT_EQ(page.files_size(), 3);
  EXPECT_EQ(page.files(0).name(), "files/a/1");
  EXPECT_EQ(page.files(0).size_bytes(), 1u);
  EXPECT_FALSE(page.files(0).deletable());
  EXPECT_EQ(page.files(2).name(), "files/b");
  request.set_page_token(page.next_page_token());
  page.Clear();
  ASSERT_TRUE(List(request, &page).ok());
  ASSERT_EQ(page.files_size(), 1);
  EXPECT_EQ(page.files(0).name(), "files/c");
  EXPECT_EQ(page.next_page_token(), "");

  // The token belongs to another list.
  request.set_prefix("a/");
  EXPECT_EQ(FailureOf(List(request, &page)).reason(), "PAGE_TOKEN_INVALID");
  request.set_page_token("?");
  EXPECT_EQ(FailureOf(List(request, &page)).reason(), "PAGE_TOKEN_INVALID");
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_EQ(FailureOf(List(request, &page)).reason(), "PAGE_SIZE_NEGATIVE");
  request.set_page_size(0);
  page.Clear();
  ASSERT_TRUE(List(request, &page).ok());
  EXPECT_EQ(page.files_size(), 2);
}

TEST_F(FileServiceTest, GetsOneFile) {
  daemon_.store().Write("a", "1234");
  v1::File file;
  ASSERT_TRUE(GetFile("files/a", &file).ok());
  EXPECT_EQ(file.size_bytes(), 4u);
  EXPECT_GT(file.modify_time().seconds(), 0);
  EXPECT_EQ(FailureOf(GetFile("files/b", &file)).reason(), "FILE_NOT_FOUND");
  EXPECT_EQ(FailureOf(GetFile("files/../a", &file)).reason(),
            "FILE_NAME_INVALID");
}

TEST_F(FileServiceTest, UploadsInPieces) {
  ASSERT_TRUE(Create("trace.pcap", &upload_).ok());
  const std::string name = upload_.name();
  ASSERT_TRUE(
      Write({Piece(name, 0, "abc", false), Piece("", 3, "def", true)}, &upload_)
          .ok());
  EXPECT_EQ(upload_.committed_bytes(), 6u);
  EXPECT_EQ(ContentOf(upload_.file()), "abcdef");
  v1::File file;
  ASSERT_TRUE(GetFile(upload_.file(), &file).ok());
  EXPECT_TRUE(file.deletable());
  const std::string file_name = upload_.file();
  ASSERT_TRUE(Get(name, &upload_).ok());
  EXPECT_EQ(upload_.file(), file_name);
  ASSERT_TRUE(DeleteFile(file_name).ok());
  EXPECT_EQ(FailureOf(DeleteFile(file_name)).reason(), "FILE_NOT_FOUND");
  EXPECT_EQ(FailureOf(Get(name, &upload_)).reason(), "UPLOAD_NOT_FOUND");
  EXPECT_TRUE(std::filesystem::is_empty(daemon_.store().path() + "/uploads"));
}

// The SHA-256 hash of "abc", from FIPS 180-2.
constexpr unsigned char kHashOfAbc[] = {
    0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
    0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
    0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};

TEST_F(FileServiceTest, FindsAnUploadByItsHash) {
  const std::string hash(std::begin(kHashOfAbc), std::end(kHashOfAbc));
  ASSERT_TRUE(Create("trace.pcap", &upload_, hash).ok());
  EXPECT_EQ(upload_.file(), "");
  ASSERT_TRUE(Write({Piece(upload_.name(), 0, "abc", true)}, &upload_).ok());
  const v1::Upload first = upload_;
  ASSERT_TRUE(Create("trace.pcap", &upload_, hash).ok());
  EXPECT_EQ(upload_.name(), first.name());
  EXPECT_EQ(upload_.file(), first.file());
  EXPECT_EQ(upload_.committed_bytes(), 3u);
  daemon_.Restart();
  stub_ = v1::FileService::NewStub(daemon_.Connect());
  ASSERT_TRUE(Create("trace.pcap", &upload_, hash).ok());
  EXPECT_EQ(upload_.file(), first.file());
  EXPECT_TRUE(DeleteFile(upload_.file()).ok());
  ASSERT_TRUE(Create("trace.pcap", &upload_, hash).ok());
  EXPECT_EQ(upload_.file(), "");
  // With AppendUpload, too.
  ASSERT_TRUE(Append(0, "ab", false).ok());
  ASSERT_TRUE(Append(2, "c", true).ok());
  ASSERT_TRUE(Create("trace.pcap", &upload_, hash).ok());
  EXPECT_NE(upload_.file(), "");
}

TEST_F(FileServiceTest, RefusesWrongHashes) {
  const grpc::Status text = Create("trace.pcap", &upload_, "ba7816bf");
  EXPECT_EQ(text.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FailureOf(text).reason(), "UPLOAD_HASH_INVALID");
  ASSERT_TRUE(Create("trace.pcap", &upload_, std::string(32, 'x')).ok());
  const std::string name = upload_.name();
  const grpc::Status status = Write({Piece(name, 0, "abc", true)}, &upload_);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FailureOf(status).reason(), "UPLOAD_HASH_MISMATCH");
  EXPECT_EQ(FailureOf(Get(name, &upload_)).reason(), "UPLOAD_NOT_FOUND");
}

TEST_F(FileServiceTest, GoesOnWithABrokenUploadAfterARestart) {
  ASSERT_TRUE(Create("trace.pcap", &upload_).ok());
  const std::string name = upload_.name();
  {
    grpc::ClientContext context;
    v1::WriteUploadResponse response;
    const auto writer = stub_->WriteUpload(&context, &response);
    ASSERT_TRUE(writer->Write(Piece(name, 0, "abc", false)));
    WaitFor("the piece", [&] {
      return Get(name, &upload_).ok() && upload_.committed_bytes() == 3;
    });
    context.TryCancel();
    writer->Finish().ok();
  }
  daemon_.Restart();
  stub_ = v1::FileService::NewStub(daemon_.Connect());
  ASSERT_TRUE(Get(name, &upload_).ok());
  EXPECT_EQ(upload_.committed_bytes(), 3u);
  EXPECT_EQ(upload_.file(), "");
  const grpc::Status wrong = Write({Piece(name, 0, "abc", false)}, &upload_);
  EXPECT_EQ(wrong.error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(FailureOf(wrong).reason(), "UPLOAD_OFFSET_MISMATCH");
  EXPECT_EQ(FailureOf(wrong).metadata().at("committed_bytes"), "3");
  ASSERT_TRUE(Write({Piece(name, 3, "def", true)}, &upload_).ok());
  EXPECT_EQ(ContentOf(upload_.file()), "abcdef");
}

TEST_F(FileServiceTest, OneCallWritesAtATime) {
  ASSERT_TRUE(Create("x", &upload_).ok());
  const std::string name = upload_.name();
  grpc::ClientContext context;
  v1::WriteUploadResponse response;
  const auto writer = stub_->WriteUpload(&context, &response);
  ASSERT_TRUE(writer->Write(Piece(name, 0, "abc", false)));
  WaitFor("the piece", [&] {
    return Get(name, &upload_).ok() && upload_.committed_bytes() == 3;
  });
  const grpc::Status busy = Write({Piece(name, 3, "x", false)}, &upload_);
  EXPECT_EQ(busy.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(FailureOf(busy).reason(), "UPLOAD_BUSY");
  EXPECT_EQ(FailureOf(DeleteUpload(name)).reason(), "UPLOAD_BUSY");
  writer->WritesDone();
  EXPECT_TRUE(writer->Finish().ok());
  EXPECT_EQ(response.upload().committed_bytes(), 3u);
  EXPECT_TRUE(DeleteUpload(name).ok());
  EXPECT_EQ(FailureOf(DeleteUpload(name)).reason(), "UPLOAD_NOT_FOUND");
}

TEST_F(FileServiceTest, RefusesNamesWithControlCharacters) {
  for (const std::string name :
       {"a\nb", "\x1b[31m", "a\t", "\x7f", "a\xc2\x9b."}) {
    EXPECT_EQ(FailureOf(Create(name, &upload_)).reason(), "FILE_NAME_INVALID")
        << name;
  }
  // The second bytes of these characters look like control characters.
  EXPECT_TRUE(Create("\xc3\x9b\xe2\x82\x9b.pcap", &upload_).ok());
}

TEST_F(FileServiceTest, RefusesNamesThatLeadElsewhere) {
  for (const std::string name :
       {"", ".", "..", "../x", "a/b", "/etc/passwd", ".hidden"}) {
    EXPECT_EQ(FailureOf(Create(name, &upload_)).reason(), "FILE_NAME_INVALID")
        << name;
  }
  EXPECT_EQ(FailureOf(Create(std::string("a\0b", 3), &upload_)).reason(),
            "FILE_NAME_INVALID");
  for (const std::string name : {"", "uploads/..", "uploads/../../etc", "x"}) {
    EXPECT_EQ(FailureOf(Get(name, &upload_)).reason(), "UPLOAD_NOT_FOUND");
    EXPECT_EQ(FailureOf(Write({Piece(name, 0, "x", true)}, &upload_)).reason(),
              "UPLOAD_NOT_FOUND");
  }
}

TEST_F(FileServiceTest, ClientsThatCannotStreamUploadByChunks) {
  ASSERT_TRUE(Create("trace.pcap", &upload_).ok());
  ASSERT_TRUE(Append(0, "abc", false).ok());
  EXPECT_EQ(upload_.committed_bytes(), 3u);
  EXPECT_EQ(upload_.file(), "");
  // A chunk that is sent again after its response was lost.
  const grpc::Status again = Append(0, "abc", false);
  EXPECT_EQ(again.error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(FailureOf(again).metadata().at("committed_bytes"), "3");
  EXPECT_EQ(
      FailureOf(Append(3, std::string((1 << 20) + 1, 'x'), false)).reason(),
      "UPLOAD_CHUNK_TOO_LARGE");
  ASSERT_TRUE(Append(3, "def", true).ok());
  EXPECT_EQ(ContentOf(upload_.file()), "abcdef");
}

TEST_F(FileServiceTest, StreamsBytesOfFiles) {
  std::string content;
  for (int i = 0; content.size() < 3'000'000; ++i) {
    content += std::to_string(i);
  }
  daemon_.store().Write("large", content);
  v1::ReadFileRequest request;
  request.set_name("files/large");
  std::string bytes;
  int messages = 0;
  ASSERT_TRUE(ReadFile(request, &bytes, &messages).ok());
  EXPECT_EQ(bytes, content);
  EXPECT_GT(messages, 2);
  request.set_offset(1'000'000);
  request.set_limit(1'234'567);
  ASSERT_TRUE(ReadFile(request, &bytes, &messages).ok());
  EXPECT_EQ(bytes, content.substr(1'000'000, 1'234'567));
  // Reading at the end returns nothing, and beyond it fails.
  request.set_offset(content.size());
  ASSERT_TRUE(ReadFile(request, &bytes, &messages).ok());
  EXPECT_EQ(messages, 0);
  request.set_offset(content.size() + 1);
  const grpc::Status behind = ReadFile(request, &bytes, &messages);
  EXPECT_EQ(behind.error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(FailureOf(behind).reason(), "FILE_OFFSET_INVALID");
  request.set_name("files/../large");
  EXPECT_EQ(FailureOf(ReadFile(request, &bytes, &messages)).reason(),
            "FILE_NAME_INVALID");
}

TEST_F(FileServiceTest, DeletesUploadedFilesOnly) {
  daemon_.store().Write("mine", "x");
  const grpc::Status status = DeleteFile("files/mine");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(FailureOf(status).reason(), "FILE_READ_ONLY");
  EXPECT_EQ(ContentOf("files/mine"), "x");
}

TEST_F(FileServiceTest, RefusesAPieceThatIsTooLarge) {
  ASSERT_TRUE(Create("x", &upload_).ok());
  const std::string name = upload_.name();
  const std::string piece((1 << 20) + 1, 'x');
  EXPECT_EQ(FailureOf(Write({Piece(name, 0, piece, false)}, &upload_)).reason(),
            "UPLOAD_CHUNK_TOO_LARGE");
  ASSERT_TRUE(Get(name, &upload_).ok());
  EXPECT_EQ(upload_.committed_bytes(), 0u);
}

class QuotaTest : public FileServiceTest {
 protected:
  QuotaTest() : FileServiceTest({"--upload-quota=10"}) {}
};

TEST_F(QuotaTest, BoundsAllUploadsTogether) {
  v1::Upload first;
  ASSERT_TRUE(Create("x", &first).ok());
  ASSERT_TRUE(Write({Piece(first.name(), 0, "12345", true)}, &first).ok());
  ASSERT_TRUE(Create("y", &upload_).ok());
  const std::string name = upload_.name();
  const grpc::Status full = Write({Piece(name, 0, "123456", true)}, &upload_);
  EXPECT_EQ(full.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(FailureOf(full).reason(), "UPLOAD_QUOTA_EXCEEDED");
  // Stored uploads still count after a restart, and no longer once deleted.
  daemon_.Restart();
  stub_ = v1::FileService::NewStub(daemon_.Connect());
  EXPECT_EQ(
      FailureOf(Write({Piece(name, 0, "123456", true)}, &upload_)).reason(),
      "UPLOAD_QUOTA_EXCEEDED");
  ASSERT_TRUE(DeleteFile(first.file()).ok());
  EXPECT_TRUE(Write({Piece(name, 0, "123456", true)}, &upload_).ok());
}

TEST_F(FileServiceTest, AbandonsUploadsThatNobodyGoesOnWith) {
  ASSERT_TRUE(Create("old", &upload_).ok());
  const std::string old = upload_.name();
  ASSERT_TRUE(Create("new", &upload_).ok());
  const std::string id = old.substr(sizeof("uploads/") - 1);
  std::filesystem::last_write_time(
      daemon_.store().path() + "/.uploads/" + id + "/old",
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
  daemon_.Restart();
  stub_ = v1::FileService::NewStub(daemon_.Connect());
  v1::Upload gone;
  EXPECT_EQ(FailureOf(Get(old, &gone)).reason(), "UPLOAD_NOT_FOUND");
  EXPECT_TRUE(Get(upload_.name(), &upload_).ok());
}

}  // namespace
}  // namespace dissectd

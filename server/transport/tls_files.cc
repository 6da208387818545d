// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/tls_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <ctime>
#include <memory>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/base/operator_file.h"

namespace dissectd::server {
namespace {

template <typename Type, void (*kFree)(Type*)>
struct Freeing {
  void operator()(Type* value) const { kFree(value); }
};
using CertificatePtr = std::unique_ptr<X509, Freeing<X509, X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY, EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, Freeing<BIO, BIO_free_all>>;

absl::Status Unusable(const std::string& path, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("can't use ", path, " for TLS: ", why));
}

absl::StatusOr<OperatorFile> ReadFile(const std::string& path) {
  absl::StatusOr<OperatorFile> file = ReadOperatorFile(path);
  if (!file.ok()) return Unusable(path, file.status().message());
  if (file->content.empty()) return Unusable(path, "it is empty");
  return file;
}

absl::StatusOr<std::string> ReadPublic(const std::string& path) {
  ASSIGN_OR_RETURN(OperatorFile file, ReadFile(path));
  return std::move(file.content);
}

BioPtr Reader(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

CertificatePtr FirstCertificate(const std::string& text) {
  return CertificatePtr(
      PEM_read_bio_X509(Reader(text).get(), nullptr, nullptr, nullptr));
}

// Encrypted keys are refused instead of asking for a password on the terminal.
int NoPassword(char*, int, int, void*) { return 0; }

KeyPtr KeyIn(const std::string& text) {
  return KeyPtr(PEM_read_bio_PrivateKey(Reader(text).get(), nullptr, NoPassword,
                                        nullptr));
}

absl::Status CheckValidity(const std::string& path, const X509* certificate) {
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    return Unusable(path, "the certificate has expired");
  }
  return absl::OkStatus();
}

absl::Time ExpiryOf(const X509* certificate) {
  std::tm time = {};
  return ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) == 1
             ? absl::FromTimeT(timegm(&time))
             : absl::InfiniteFuture();
}

// Checks the certificate and its key, and sets when it expires.
absl::Status CheckPair(const TransportConfig& config, TlsFiles* files) {
  const absl::Cleanup forget_errors = [] { ERR_clear_error(); };
  const CertificatePtr certificate = FirstCertificate(files->certificate);
  if (certificate == nullptr) {
    return Unusable(config.tls_certificate, "it has no certificate in PEM");
  }
  const KeyPtr key = KeyIn(files->key);
  if (key == nullptr) {
    return Unusable(config.tls_key, "it has no unencrypted key in PEM");
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return Unusable(config.tls_key,
                    absl::StrCat("it isn't the key of the certificate in ",
                                 config.tls_certificate));
  }
  files->expiry = ExpiryOf(certificate.get());
  return CheckValidity(config.tls_certificate, certificate.get());
}

absl::Status CheckAuthorities(const std::string& path,
                              const std::string& text) {
  const absl::Cleanup forget_errors = [] { ERR_clear_error(); };
  if (FirstCertificate(text) != nullptr) return absl::OkStatus();
  return Unusable(path, "it has no certificate in PEM");
}

void AppendVersion(const std::string& path, std::string* version) {
  struct stat file = {};
  if (stat(path.c_str(), &file) != 0) {
    absl::StrAppend(version, "none;");
    return;
  }
  absl::StrAppend(version, file.st_dev, ":", file.st_ino, ":", file.st_size,
                  ":", file.st_mode, ":", file.st_mtim.tv_sec, ".",
                  file.st_mtim.tv_nsec, ";");
}

}  // namespace

absl::StatusOr<TlsFiles> ReadTlsFiles(const TransportConfig& config) {
  TlsFiles files;
  ASSIGN_OR_RETURN(files.certificate, ReadPublic(config.tls_certificate));
  ASSIGN_OR_RETURN(const OperatorFile key, ReadFile(config.tls_key));
  files.key = key.content;
  RETURN_IF_ERROR(CheckPair(config, &files));
  const absl::Status is_private = CheckPrivate(key, "it is a private key");
  if (!is_private.ok()) return Unusable(config.tls_key, is_private.message());
  if (!config.tls_client_ca.empty()) {
    ASSIGN_OR_RETURN(files.client_ca, ReadPublic(config.tls_client_ca));
    RETURN_IF_ERROR(CheckAuthorities(config.tls_client_ca, files.client_ca));
  }
  return files;
}

std::string TlsFilesVersion(const TransportConfig& config) {
  std::string version;
  AppendVersion(config.tls_certificate, &version);
  AppendVersion(config.tls_key, &version);
  if (!config.tls_client_ca.empty()) {
    AppendVersion(config.tls_client_ca, &version);
  }
  return version;
}

}  // namespace dissectd::server

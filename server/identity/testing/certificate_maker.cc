// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/testing/certificate_maker.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstddef>

namespace dissectd::server {
namespace {

constexpr int kDaySeconds = 24 * 3600;

// Returns what a function writes as PEM.
template <typename Write>
std::string Pem(Write write) {
  BIO* output = BIO_new(BIO_s_mem());
  write(output);
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(output, &bytes);
  std::string text(bytes, static_cast<size_t>(size));
  BIO_free_all(output);
  return text;
}

std::string PemOf(X509* certificate) {
  return Pem([&](BIO* output) { PEM_write_bio_X509(output, certificate); });
}

}  // namespace

CertificateMaker::CertificateMaker()
    : key_(EVP_EC_gen("P-256")), root_(NewCertificate("test", key_.get())) {
  Sign(root_.get(), root_.get(), NID_basic_constraints, "critical,CA:TRUE");
}

std::string CertificateMaker::Root() const { return PemOf(root_.get()); }

IssuedCertificate CertificateMaker::Issue(
    const std::string& common_name,
    const std::string& alternative_names) const {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr certificate = NewCertificate(common_name, key.get());
  Sign(certificate.get(), root_.get(), NID_subject_alt_name, alternative_names);
  const std::string key_pem = Pem([&](BIO* output) {
    PEM_write_bio_PKCS8PrivateKey(output, key.get(), nullptr, nullptr, 0,
                                  nullptr, nullptr);
  });
  return {PemOf(certificate.get()), key_pem};
}

CertificateMaker::CertificatePtr CertificateMaker::NewCertificate(
    const std::string& common_name, EVP_PKEY* key) {
  CertificatePtr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  static int serial = 0;
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kDaySeconds);
  X509_set_pubkey(certificate.get(), key);
  if (common_name.empty()) return certificate;
  X509_NAME_add_entry_by_txt(
      X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(common_name.data()),
      static_cast<int>(common_name.size()), -1, 0);
  return certificate;
}

void CertificateMaker::Sign(X509* certificate, X509* issuer, int extension,
                            const std::string& value) const {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  if (!value.empty()) {
    X509_EXTENSION* made =
        X509V3_EXT_conf_nid(nullptr, nullptr, extension, value.c_str());
    X509_add_ext(certificate, made, -1);
    X509_EXTENSION_free(made);
  }
  X509_sign(certificate, key_.get(), EVP_sha256());
}

}  // namespace dissectd::server

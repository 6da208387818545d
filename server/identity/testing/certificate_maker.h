// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_TESTING_CERTIFICATE_MAKER_H_
#define SERVER_IDENTITY_TESTING_CERTIFICATE_MAKER_H_

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace dissectd::server {

// A certificate and its private key, in PEM.
struct IssuedCertificate {
  std::string certificate;
  std::string key;
};

// An authority that issues certificates, by OpenSSL.
class CertificateMaker {
 public:
  CertificateMaker();

  // The authority's own certificate, in PEM.
  std::string Root() const;

  // Issues a certificate for a day. `alternative_names` is as in OpenSSL's
  // configuration, for example `URI:spiffe://lab/alice,DNS:host.example`. Both
  // names may be empty.
  IssuedCertificate Issue(const std::string& common_name,
                          const std::string& alternative_names) const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  using KeyPtr = std::unique_ptr<EVP_PKEY, Free>;
  using CertificatePtr = std::unique_ptr<X509, Free>;

  static CertificatePtr NewCertificate(const std::string& common_name,
                                       EVP_PKEY* key);
  void Sign(X509* certificate, X509* issuer, int extension,
            const std::string& value) const;

  KeyPtr key_;
  CertificatePtr root_;
};

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_TESTING_CERTIFICATE_MAKER_H_

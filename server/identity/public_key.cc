// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/public_key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>
#include <cstddef>
#include <limits>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace dissectd::server {
namespace {

// Calls OpenSSL's function that frees a thing of one kind.
template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};

using BioPtr = std::unique_ptr<BIO, Free<BIO_free_all>>;
using NumberPtr = std::unique_ptr<BIGNUM, Free<BN_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using BuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using ParametersPtr = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;

constexpr int kMinRsaBits = 2048;
// Verifying takes longer the larger the key is.
constexpr int kMaxRsaBits = 8192;

struct Curve {
  const char* name;
  JwtKeyType type;
  size_t bytes;
  // OpenSSL's name.
  const char* group;
};
constexpr Curve kCurves[] = {
    {"P-256", JwtKeyType::kEcP256, 32, "prime256v1"},
    {"P-384", JwtKeyType::kEcP384, 48, "secp384r1"},
};

const Curve* FindCurve(absl::string_view name) {
  for (const Curve& curve : kCurves) {
    if (name == curve.name) return &curve;
  }
  return nullptr;
}

absl::Status Wrong(absl::string_view why) {
  // Nobody else looks at OpenSSL's errors of this thread.
  ERR_clear_error();
  return absl::InvalidArgumentError(why);
}

absl::StatusOr<JwtKeyType> TypeOf(const EVP_PKEY& key) {
  const int type = EVP_PKEY_get_base_id(&key);
  if (type == EVP_PKEY_RSA) {
    const int bits = EVP_PKEY_get_bits(&key);
    if (bits >= kMinRsaBits && bits <= kMaxRsaBits) return JwtKeyType::kRsa;
    return Wrong(absl::StrCat("an RSA key has ", bits, " bits, not ",
                              kMinRsaBits, " to ", kMaxRsaBits));
  }
  std::array<char, 64> group = {};
  if (type == EVP_PKEY_EC &&
      EVP_PKEY_get_group_name(&key, group.data(), group.size(), nullptr) == 1) {
    for (const Curve& curve : kCurves) {
      if (absl::string_view(group.data()) == curve.group) return curve.type;
    }
  }
  return Wrong("a key is neither RSA nor on the curve P-256 or P-384");
}

absl::StatusOr<JwtKey> Describe(EVP_PKEY* key) {
  JwtKey described;
  ASSIGN_OR_RETURN(described.type, TypeOf(*key));
  const BioPtr output(BIO_new(BIO_s_mem()));
  char* bytes = nullptr;
  if (output == nullptr || PEM_write_bio_PUBKEY(output.get(), key) != 1) {
    return Wrong("a key can't be written as PEM");
  }
  const auto size = BIO_get_mem_data(output.get(), &bytes);
  described.material.assign(bytes, static_cast<size_t>(size));
  return described;
}

// Makes a key of a type, `RSA` or `EC`, from its parameters.
absl::StatusOr<JwtKey> MakeKey(const char* type, OSSL_PARAM_BLD* builder) {
  const ParametersPtr parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContextPtr context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (parameters == nullptr || context == nullptr ||
      EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY,
                        parameters.get()) != 1) {
    return Wrong(absl::StrCat("the numbers of an ", type, " key are wrong"));
  }
  const KeyPtr key(made);
  return Describe(key.get());
}

NumberPtr NumberFrom(const std::string& bytes) {
  constexpr size_t kMaxBytes = kMaxRsaBits;
  if (bytes.empty() || bytes.size() > kMaxBytes) return nullptr;
  return NumberPtr(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                static_cast<int>(bytes.size()), nullptr));
}

}  // namespace

absl::StatusOr<JwtKey> PublicKeyFromPem(absl::string_view pem) {
  if (absl::StrContains(pem, "PRIVATE KEY")) {
    return Wrong("it has a private key; only the public one is needed here");
  }
  if (absl::StrContains(pem, "BEGIN CERTIFICATE")) {
    return Wrong(
        "it has a certificate; take the key out of it by \"openssl x509 -in "
        "FILE -pubkey -noout\"");
  }
  if (pem.size() > size_t{std::numeric_limits<int>::max()}) {
    return Wrong("it is too large");
  }
  const BioPtr input(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (input == nullptr) return Wrong("there is no memory for it");
  const KeyPtr key(PEM_read_bio_PUBKEY(input.get(), nullptr, nullptr, nullptr));
  if (key == nullptr) {
    return Wrong("it is neither a public key in PEM nor a JSON Web Key Set");
  }
  if (KeyPtr(PEM_read_bio_PUBKEY(input.get(), nullptr, nullptr, nullptr)) !=
      nullptr) {
    return Wrong("it has several keys; use a JSON Web Key Set for them");
  }
  ERR_clear_error();
  return Describe(key.get());
}

absl::StatusOr<JwtKey> RsaPublicKey(const std::string& modulus,
                                    const std::string& exponent) {
  const NumberPtr n = NumberFrom(modulus);
  const NumberPtr e = NumberFrom(exponent);
  const BuilderPtr builder(OSSL_PARAM_BLD_new());
  if (n == nullptr || e == nullptr || builder == nullptr ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) !=
          1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) !=
          1) {
    return Wrong("the numbers of an RSA key are wrong");
  }
  return MakeKey("RSA", builder.get());
}

absl::StatusOr<JwtKey> EcPublicKey(const std::string& curve,
                                   const std::string& x, const std::string& y) {
  const Curve* found = FindCurve(curve);
  if (found == nullptr) return Wrong("a key is on an unknown curve");
  const BuilderPtr builder(OSSL_PARAM_BLD_new());
  // An uncompressed point begins with 4.
  const std::string point = absl::StrCat("\x04", x, y);
  if (x.size() != found->bytes || y.size() != found->bytes ||
      builder == nullptr ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                      found->group, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                       point.data(), point.size()) != 1) {
    return Wrong("the numbers of an EC key are wrong");
  }
  return MakeKey("EC", builder.get());
}

bool IsKnownCurve(absl::string_view name) { return FindCurve(name) != nullptr; }

}  // namespace dissectd::server

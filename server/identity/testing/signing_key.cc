// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/testing/signing_key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace dissectd::server {
namespace {

const unsigned char* BytesOf(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string TakeText(BIO* output) {
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(output, &bytes);
  std::string text(bytes, static_cast<size_t>(size));
  BIO_free_all(output);
  return text;
}

// Returns a number with at least `min_bytes`: those of curves have a fixed
// size.
std::string NumberIn(const EVP_PKEY& key, const char* name, size_t min_bytes) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(&key, name, &number);
  std::vector<unsigned char> bytes(
      std::max(min_bytes, static_cast<size_t>(BN_num_bytes(number))));
  BN_bn2binpad(number, bytes.data(), static_cast<int>(bytes.size()));
  BN_free(number);
  return absl::WebSafeBase64Escape(std::string(bytes.begin(), bytes.end()));
}

size_t CurveBytes(const EVP_PKEY& key) {
  constexpr int kBitsPerByte = 8;
  return static_cast<size_t>((EVP_PKEY_get_bits(&key) + kBitsPerByte - 1) /
                             kBitsPerByte);
}

// Returns an ECDSA signature as two numbers of equal size, as in JSON Web
// Tokens.
std::string RawEcSignature(const std::string& der, size_t number_bytes) {
  const unsigned char* start = BytesOf(der);
  ECDSA_SIG* signature =
      d2i_ECDSA_SIG(nullptr, &start, static_cast<int64_t>(der.size()));
  std::vector<unsigned char> raw(2 * number_bytes);
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw.data(),
               static_cast<int>(number_bytes));
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw.data() + number_bytes,
               static_cast<int>(number_bytes));
  ECDSA_SIG_free(signature);
  return {raw.begin(), raw.end()};
}

std::string SignatureOf(EVP_PKEY* key, const std::string& data) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
  size_t size = 0;
  EVP_DigestSign(context, nullptr, &size, BytesOf(data), data.size());
  std::vector<unsigned char> bytes(size);
  EVP_DigestSign(context, bytes.data(), &size, BytesOf(data), data.size());
  EVP_MD_CTX_free(context);
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace

SigningKey SigningKey::NewRsa(unsigned bits) {
  return {KeyPtr(EVP_RSA_gen(bits)), ""};
}

SigningKey SigningKey::NewEc(const std::string& curve) {
  return {KeyPtr(EVP_EC_gen(curve.c_str())), curve};
}

std::string SigningKey::PublicPem() const {
  BIO* output = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(output, key_.get());
  return TakeText(output);
}

std::string SigningKey::PrivatePem() const {
  BIO* output = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(output, key_.get(), nullptr, nullptr, 0, nullptr,
                           nullptr);
  return TakeText(output);
}

std::string SigningKey::PublicJwk(const std::string& members) const {
  const std::string more = members.empty() ? "" : absl::StrCat(",", members);
  if (curve_.empty()) {
    return absl::StrCat(R"({"kty":"RSA","n":")",
                        NumberIn(*key_, OSSL_PKEY_PARAM_RSA_N, 1), R"(","e":")",
                        NumberIn(*key_, OSSL_PKEY_PARAM_RSA_E, 1), "\"", more,
                        "}");
  }
  const size_t size = CurveBytes(*key_);
  return absl::StrCat(
      R"({"kty":"EC","crv":")", curve_, R"(","x":")",
      NumberIn(*key_, OSSL_PKEY_PARAM_EC_PUB_X, size), R"(","y":")",
      NumberIn(*key_, OSSL_PKEY_PARAM_EC_PUB_Y, size), "\"", more, "}");
}

std::string SigningKey::Sign(const std::string& header,
                             const std::string& claims) const {
  const std::string data = UnsignedToken(header, claims);
  std::string signature = SignatureOf(key_.get(), data);
  if (!curve_.empty()) {
    signature = RawEcSignature(signature, CurveBytes(*key_));
  }
  return absl::StrCat(data, ".", absl::WebSafeBase64Escape(signature));
}

std::string SignWithSecret(const std::string& secret, const std::string& header,
                           const std::string& claims) {
  const std::string data = UnsignedToken(header, claims);
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash = {};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       BytesOf(data), data.size(), hash.data(), &size);
  return absl::StrCat(data, ".",
                      absl::WebSafeBase64Escape(
                          std::string(hash.begin(), hash.begin() + size)));
}

std::string UnsignedToken(const std::string& header,
                          const std::string& claims) {
  return absl::StrCat(absl::WebSafeBase64Escape(header), ".",
                      absl::WebSafeBase64Escape(claims));
}

}  // namespace dissectd::server

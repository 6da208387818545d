// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/options.h"

namespace dissectd::server {
namespace {

void AddJwtOptions(CLI::App* app, IdentityConfig* config) {
  CLI::Option* keys =
      app->add_option("--jwt-keys", config->jwt_keys,
                      "File with the public key, in PEM or as a JSON Web Key "
                      "Set, of who signs JSON Web Tokens for callers")
          ->type_name("FILE");
  CLI::Option* algorithms =
      app->add_option("--jwt-algorithms", config->jwt_algorithms,
                      "Algorithms of signatures to accept, with commas "
                      "between, for example RS256,ES256; required with "
                      "--jwt-keys")
          ->delimiter(',')
          ->expected(1, 100)
          ->allow_extra_args(false)
          ->type_name("NAMES")
          ->needs(keys);
  CLI::Option* audience =
      app->add_option("--jwt-audience", config->jwt_audience,
                      "Audience that JSON Web Tokens must be for; required "
                      "with --jwt-keys")
          ->type_name("AUDIENCE")
          ->needs(keys);
  app->add_option("--jwt-issuer", config->jwt_issuer,
                  "Issuer that JSON Web Tokens must be from; any by default")
      ->type_name("ISSUER")
      ->needs(keys);
  keys->needs(algorithms)->needs(audience);
}

}  // namespace

void AddIdentityOptions(CLI::App* app, IdentityConfig* config) {
  app->add_option("--token-file", config->token_file,
                  "File with the hashes of callers' tokens, as \"dissectctl "
                  "token create\" prints them")
      ->type_name("FILE");
  AddJwtOptions(app, config);
  app->add_flag("--identify-certificates", config->certificates,
                "Identify callers by their client certificates");
  app->add_flag("--identify-unix-users", config->unix_users,
                "Identify callers on Unix sockets by their users");
  app->add_option("--trusted-proxy", config->trusted_proxies,
                  "Principal of a proxy that may name the callers whose calls "
                  "it passes on: certificate:NAME or unix:UID; may be repeated")
      ->type_name("PRINCIPAL")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->expected(1)
      ->allow_extra_args(false);
}

}  // namespace dissectd::server

// SPDX-License-Identifier: GPL-2.0-or-later
//
// A plugin for clang-tidy that restricts its checks to our own declarations.
// Otherwise they also match each node of all libraries' headers and drop the
// findings, which takes four fifths of their time.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/FrontendPluginRegistry.h"

namespace {

// Runs before clang-tidy's own consumer.
class OwnCodeScope : public clang::ASTConsumer {
 public:
  void HandleTranslationUnit(clang::ASTContext& context) override {
    const clang::SourceManager& sources = context.getSourceManager();
    std::vector<clang::Decl*> own;
    for (clang::Decl* decl : context.getTranslationUnitDecl()->decls()) {
      const clang::SourceLocation location =
          sources.getExpansionLoc(decl->getLocation());
      if (location.isValid() && !sources.isInSystemHeader(location)) {
        own.push_back(decl);
      }
    }
    context.setTraversalScope(own);
  }
};

class OwnCodeScopeAction : public clang::PluginASTAction {
 protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(
      clang::CompilerInstance&, llvm::StringRef) override {
    return std::make_unique<OwnCodeScope>();
  }

  bool ParseArgs(const clang::CompilerInstance&,
                 const std::vector<std::string>&) override {
    return true;
  }

  ActionType getActionType() override { return AddBeforeMainAction; }
};

const clang::FrontendPluginRegistry::Add<OwnCodeScopeAction> kRegistration(
    "own-code-scope", "limits checks to our own code");

}  // namespace

package io.shardforge.sql.ddl;

import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RoleSpec;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The options of CREATE ROLE and ALTER ROLE. */
record RoleOptions(List<RoleSpec> inRoles, List<RoleSpec> members, List<RoleSpec> adminMembers) {

  /** Sets the attributes on the draft; returns the memberships that are asked for. */
  static RoleOptions apply(RoleDraft draft, List<Node> options, DdlScope scope) {
    RoleOptions result = new RoleOptions(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Set<String> seen = new HashSet<>();
    for (Node node : options) {
      DefElem option = node.getDefElem();
      if (!seen.add(option.getDefname())) {
        throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "conflicting or redundant options")
            .withPosition(scope.context().position(option.getLocation()));
      }
      result.set(draft, option, scope);
    }
    return result;
  }

  private void set(RoleDraft draft, DefElem option, DdlScope scope) {
    Node arg = option.getArg();
    boolean on = arg.getBoolean().getBoolval();
    switch (option.getDefname()) {
      case "superuser" -> draft.superuser = on;
      case "inherit" -> draft.inherit = on;
      case "createrole" -> draft.createRole = on;
      case "createdb" -> draft.createDatabase = on;
      case "canlogin" -> draft.login = on;
      case "isreplication" -> draft.replication = on;
      case "bypassrls" -> draft.bypassRowSecurity = on;
      case "connectionlimit" -> {
        int limit = arg.getInteger().getIval();
        if (limit < -1) {
          throw DdlErrors.of(
              ErrorCode.INVALID_PARAMETER_VALUE, "invalid connection limit: " + limit);
        }
        draft.connectionLimit = limit;
      }
      case "password" -> setPassword(draft, option, scope);
      case "validUntil" ->
          draft.validUntil =
              (Long)
                  PgTypes.byOid(PgOid.TIMESTAMPTZ)
                      .parse(arg.getString().getSval(), -1, TypeContext.UTC);
      case "addroleto" -> addRoles(inRoles, arg);
      case "rolemembers" -> addRoles(members, arg);
      case "adminmembers" -> addRoles(adminMembers, arg);
      case "sysid" ->
          scope
              .context()
              .notice(ErrorCode.SUCCESSFUL_COMPLETION, "SYSID can no longer be specified");
      default -> throw DdlErrors.unsupported("role option \"" + option.getDefname() + "\"");
    }
  }

  private static void setPassword(RoleDraft draft, DefElem option, DdlScope scope) {
    if (!option.hasArg()) {
      draft.verifier = null;
      return;
    }
    String password = option.getArg().getString().getSval();
    if (password.isEmpty()) {
      scope
          .context()
          .notice(
              ErrorCode.SUCCESSFUL_COMPLETION,
              "empty string is not a valid password, clearing password");
      draft.verifier = null;
      return;
    }
    requireGood(password, draft, scope);
    draft.verifier = ScramSecret.of(password, scope.context().randomness());
  }

  /** 22023 for a password that the cluster's policy does not allow; of a verifier none is known. */
  private static void requireGood(String password, RoleDraft draft, DdlScope scope) {
    long min = scope.context().setting(ClusterSetting.PASSWORD_LENGTH_MIN);
    if (min == 0 || ScramSecret.isVerifier(password)) {
      return;
    }
    if (password.codePointCount(0, password.length()) < min) {
      throw DdlErrors.of(ErrorCode.INVALID_PARAMETER_VALUE, "password is too short")
          .withDetail(
              "password must be at least \"%s\" (%d) characters long."
                  .formatted(ClusterSetting.PASSWORD_LENGTH_MIN.key(), min));
    }
    if (password.toLowerCase(Locale.ROOT).contains(draft.name.toLowerCase(Locale.ROOT))) {
      throw DdlErrors.of(ErrorCode.INVALID_PARAMETER_VALUE, "password must not contain user name");
    }
  }

  private static void addRoles(List<RoleSpec> target, Node list) {
    for (Node item : list.getList().getItemsList()) {
      target.add(item.getRoleSpec());
    }
  }
}

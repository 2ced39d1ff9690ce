package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import java.util.Set;

/**
 * The question whether a condition may see rows that a view with a security barrier leaves out:
 * only if it can neither fail nor do anything else that depends on values. As in PostgreSQL these
 * are comparisons of simple types.
 */
final class Discretion {
  private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", "<=", ">", ">=");
  private static final Set<Integer> TYPES =
      Set.of(
          PgOid.BOOL,
          PgOid.INT2,
          PgOid.INT4,
          PgOid.INT8,
          PgOid.FLOAT4,
          PgOid.FLOAT8,
          PgOid.TEXT,
          PgOid.VARCHAR,
          PgOid.NAME,
          PgOid.UUID,
          PgOid.INET,
          PgOid.CIDR,
          PgOid.BIT,
          PgOid.VARBIT,
          PgOid.OID,
          PgOid.DATE,
          PgOid.TIMESTAMP,
          PgOid.TIMESTAMPTZ);

  private Discretion() {}

  static boolean keepsSecrets(Bound condition) {
    return switch (condition) {
      case Bound.Const _, Bound.Param _, Bound.Column _, Bound.Outer _ -> true;
      case Bound.Call call ->
          call.operator() != null
              && COMPARISONS.contains(call.operator())
              && call.args().stream()
                  .allMatch(
                      a -> TYPES.contains(PgTypes.baseOid(a.type().oid())) && keepsSecrets(a));
      case Bound.Logic logic -> logic.args().stream().allMatch(Discretion::keepsSecrets);
      case Bound.Not not -> keepsSecrets(not.arg());
      case Bound.NullTest test -> keepsSecrets(test.arg());
      case Bound.TruthTest test -> keepsSecrets(test.arg());
      case Bound.Cast cast -> cast.kind() == Bound.CastKind.RELABEL && keepsSecrets(cast.arg());
      default -> false;
    };
  }
}

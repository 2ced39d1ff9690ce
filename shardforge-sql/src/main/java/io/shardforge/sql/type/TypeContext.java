package io.shardforge.sql.type;

import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The settings that reading and writing values depends on.
 *
 * @param byteaEscape true for {@code bytea_output = escape}
 * @param extraFloatDigits the setting of that name; at 1 or more floats print as the shortest
 *     decimal that reads back exactly
 * @param encoding the client's, which binary forms have their text in
 * @param transactionMicros the transaction's start, for 'now' and 'today'
 */
public record TypeContext(
    ZoneId zone,
    DateStyle dateStyle,
    IntervalStyle intervalStyle,
    boolean byteaEscape,
    int extraFloatDigits,
    Encoding encoding,
    long transactionMicros,
    ObjectNames names) {
  /** PostgreSQL's defaults in UTC at its epoch. */
  public static final TypeContext UTC =
      new TypeContext(
          ZoneOffset.UTC,
          DateStyle.ISO_MDY,
          IntervalStyle.POSTGRES,
          false,
          1,
          Encoding.UTF8,
          0,
          ObjectNames.TYPES_ONLY);

  /** The same settings in a transaction that began at this time. */
  public TypeContext at(long newTransactionMicros) {
    return new TypeContext(
        zone,
        dateStyle,
        intervalStyle,
        byteaEscape,
        extraFloatDigits,
        encoding,
        newTransactionMicros,
        names);
  }

  /** The same settings with other names of catalog objects. */
  public TypeContext withNames(ObjectNames newNames) {
    return new TypeContext(
        zone,
        dateStyle,
        intervalStyle,
        byteaEscape,
        extraFloatDigits,
        encoding,
        transactionMicros,
        newNames);
  }

  public TypeContext withZone(ZoneId newZone) {
    return new TypeContext(
        newZone,
        dateStyle,
        intervalStyle,
        byteaEscape,
        extraFloatDigits,
        encoding,
        transactionMicros,
        names);
  }
}

package io.shardforge.sql.type;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One row of pg_type, with the type's text and binary forms and its order. Immutable. */
public final class PgType {
  /** What Java type holds a value; see the package's table of representations. */
  public enum Representation {
    BOOLEAN,
    LONG,
    DOUBLE,
    OBJECT
  }

  private final Row row;
  private final Representation representation;
  private final TypeFormat format;

  PgType(Row row, Representation representation, TypeFormat format) {
    this.row = row;
    this.representation = representation;
    this.format = format;
  }

  /** The columns of pg_type; functions are named by OID, 0 for none. */
  public record Row(
      int oid,
      String name,
      int length,
      boolean byValue,
      char kind,
      char category,
      boolean preferred,
      char delimiter,
      int elementOid,
      int arrayOid,
      char alignment,
      char storage,
      int inputOid,
      int outputOid,
      int receiveOid,
      int sendOid,
      int typmodInOid,
      int typmodOutOid,
      int collationOid) {}

  public Row row() {
    return row;
  }

  public int oid() {
    return row.oid;
  }

  /** pg_type.typname, such as int4. */
  public String name() {
    return row.name;
  }

  /** The name that SQL and error messages use, such as integer. */
  public String displayName() {
    return TypeNames.format(row.oid, -1);
  }

  public char category() {
    return row.category;
  }

  public boolean preferred() {
    return row.preferred;
  }

  /** The element type of an array (or of int2vector, oidvector, name), else 0. */
  public int elementOid() {
    return row.elementOid;
  }

  /** The array type over this type, else 0. */
  public int arrayOid() {
    return row.arrayOid;
  }

  /** Whether a statement made it, so that its values and name are a matter of the catalog. */
  public boolean isUserDefined() {
    return row.oid >= PgTypes.FIRST_USER_OID;
  }

  public boolean isEnum() {
    return row.kind == 'e';
  }

  public boolean isDomain() {
    return row.kind == 'd';
  }

  public boolean isPseudo() {
    return row.kind == 'p';
  }

  /** True for what subscripts and ANY treat as an array. */
  public boolean isArray() {
    return row.elementOid != 0 && (row.category == 'A' || oid() == PgOid.RECORD_ARRAY);
  }

  public Representation representation() {
    return representation;
  }

  /** Reads the text form; throws what PostgreSQL's input function reports. */
  public Object parse(String text, int typmod, TypeContext context) {
    return format.parse(text, typmod, context);
  }

  public String format(Object value, TypeContext context) {
    return format.format(value, context);
  }

  /** Appends the text form in UTF-8. */
  public void formatTo(Object value, ByteWriter out, TypeContext context) {
    format.formatTo(value, out, context);
  }

  /** Appends the binary form without a length word. */
  public void writeBinary(Object value, ByteWriter out, TypeContext context) {
    format.writeBinary(value, out, context);
  }

  /** Reads the binary form, which is all that remains in {@code in}. */
  public Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    Object value;
    try {
      value = format.readBinary(in, typmod, context);
    } catch (java.nio.BufferUnderflowException e) {
      throw new io.shardforge.storage.error.ShardForgeException(
          io.shardforge.storage.error.ErrorCode.PROTOCOL_VIOLATION,
          "insufficient data left in message",
          e);
    }
    if (in.hasRemaining()) {
      throw TypeErrors.invalidBinary("incorrect binary data format");
    }
    return value;
  }

  /** Fits a value to a modifier; an assignment ({@code explicit} false) may fail with 22001. */
  public Object coerce(Object value, int typmod, boolean explicit) {
    return typmod < 0 ? value : format.coerce(value, typmod, explicit);
  }

  /** The same type with text compared in an order; types that are not made of text as they are. */
  PgType under(TextOrder order) {
    return row.collationOid == 0 ? this : new PgType(row, representation, format.under(order));
  }

  /** True if the type has a default order (a btree operator class). */
  public boolean isComparable() {
    return format.isComparable();
  }

  /** The default order; NaN sorts last, text by code point. */
  public int compare(Object a, Object b) {
    return format.compare(a, b);
  }

  public boolean equal(Object a, Object b) {
    return format.compare(a, b) == 0;
  }

  /** A hash that agrees with {@link #equal}. */
  public int hash(Object value) {
    return format.hash(value);
  }

  /** The values of an enum from one to another, null for an open end. */
  public List<Object> range(@Nullable Object first, @Nullable Object last) {
    return format.range(first, last);
  }

  /** The modifier for arguments such as those of numeric(10,2); null if the type takes none. */
  public @Nullable Integer typmodOf(long[] arguments) {
    return format.typmodOf(arguments);
  }

  String typmodText(int typmod) {
    return typmod < 0 ? "" : format.typmodText(typmod);
  }

  TypeFormat formatOf() {
    return format;
  }

  @Override
  public String toString() {
    return row.name;
  }
}

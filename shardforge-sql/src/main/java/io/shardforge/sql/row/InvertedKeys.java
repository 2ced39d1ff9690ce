package io.shardforge.sql.row;

import io.shardforge.sql.catalog.InvertedClass;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.JsonPath;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.HashSlots;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeyOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys that an inverted index has for the values of one of its columns, and those that a
 * condition looks for. Immutable.
 *
 * <pre>
 *   position of the column   kind   content
 *
 *   array_ops        EMPTY                   of an array without elements
 *                    NULL                    a null element
 *                    ELEMENT   as in keys
 *   jsonb_ops        NAME      text          the name of a member, or a string that is an element
 *                    STRING    text          any other string
 *                    NULL, BOOL, NUMBER
 *   jsonb_path_ops   PATH      hash          of a scalar and the names of the members around it
 * </pre>
 *
 * Content that is long is replaced by its hash: keys may be alike, for rows are judged again.
 * Nothing of this may ever change, for it is in entries.
 */
public final class InvertedKeys {
  private static final byte EMPTY = 1;
  private static final byte NULL = 2;
  private static final byte ELEMENT = 3;
  private static final byte NAME = 4;
  private static final byte STRING = 5;
  private static final byte BOOL = 6;
  private static final byte NUMBER = 7;
  private static final byte PATH = 8;

  private static final int CONTENT_BYTES_MAX = 96;

  private static final ValueCodec NUMBERS = ValueCodec.of(SqlType.of(PgOid.NUMERIC));

  private final InvertedClass by;
  private final int position;
  private final ValueCodec elements;

  /**
   * @param type of the column's values
   * @param position of the column in the index
   */
  public InvertedKeys(InvertedClass by, SqlType type, int position) {
    this.by = by;
    this.position = position;
    int elementOid = PgTypes.byOid(PgTypes.base(type).oid()).elementOid();
    this.elements = by == InvertedClass.ARRAY_OPS ? ValueCodec.of(SqlType.of(elementOid)) : NUMBERS;
  }

  /** Adds the keys of a value. */
  public void addKeys(Object value, Collection<byte[]> keys) {
    switch (by) {
      case ARRAY_OPS -> addElements((ArrayValue) value, true, keys);
      case JSONB_OPS -> addParts((JsonValue) value, false, keys);
      case JSONB_PATH_OPS -> addPaths((JsonValue) value, new KeyEncoder(), keys);
    }
  }

  /** What a value must have so that {@code value operator operand} is true. */
  public KeyDemand demand(String operator, @Nullable Object operand) {
    if (operand == null) {
      return KeyDemand.IMPOSSIBLE;
    }
    return by == InvertedClass.ARRAY_OPS
        ? arrayDemand(operator, operand)
        : documentDemand(operator, operand);
  }

  private KeyDemand arrayDemand(String operator, Object operand) {
    if (!(operand instanceof ArrayValue array)) {
      return new KeyDemand.Key(element(operand));
    }
    Collection<byte[]> keys = new TreeSet<>(Bytes::compare);
    addElements(array, operator.equals("="), keys);
    return switch (operator) {
      case "=" -> all(keys);
      // No null is equal to another one.
      case "@>" -> hasNull(array) ? KeyDemand.IMPOSSIBLE : all(keys);
      case "&&" -> any(keys);
      case "<@" -> {
        keys.add(key(EMPTY, Bytes.EMPTY));
        yield any(keys);
      }
      default -> throw new IllegalArgumentException("operator " + operator + " of arrays");
    };
  }

  private KeyDemand documentDemand(String operator, Object operand) {
    Collection<byte[]> keys = new TreeSet<>(Bytes::compare);
    return switch (operator) {
      case "@>" -> {
        addKeys(operand, keys);
        yield all(keys);
      }
      case "?" -> new KeyDemand.Key(text(NAME, (String) operand));
      case "?|" -> {
        addNames((ArrayValue) operand, keys);
        yield any(keys);
      }
      case "?&" -> {
        addNames((ArrayValue) operand, keys);
        yield all(keys);
      }
      case "@?" -> new PathDemand(this).exists((JsonPath) operand);
      case "@@" -> new PathDemand(this).matches((JsonPath) operand);
      default -> throw new IllegalArgumentException("operator " + operator + " of documents");
    };
  }

  private static KeyDemand all(Collection<byte[]> keys) {
    return KeyDemand.all(keys.stream().map(KeyDemand.Key::new).toList());
  }

  private static KeyDemand any(Collection<byte[]> keys) {
    return KeyDemand.any(keys.stream().map(KeyDemand.Key::new).toList());
  }

  // ---- Arrays ----

  /** Adds the keys of elements; with those of nulls, or of there being no element, or without. */
  private void addElements(ArrayValue array, boolean whole, Collection<byte[]> keys) {
    for (int i = 0; i < array.size(); i++) {
      Object element = array.get(i);
      if (element != null) {
        keys.add(element(element));
      } else if (whole) {
        keys.add(key(NULL, Bytes.EMPTY));
      }
    }
    if (whole && array.size() == 0) {
      keys.add(key(EMPTY, Bytes.EMPTY));
    }
  }

  private byte[] element(Object element) {
    return key(ELEMENT, elements.key(element));
  }

  private static boolean hasNull(ArrayValue array) {
    for (int i = 0; i < array.size(); i++) {
      if (array.get(i) == null) {
        return true;
      }
    }
    return false;
  }

  // ---- Documents ----

  private void addNames(ArrayValue names, Collection<byte[]> keys) {
    for (int i = 0; i < names.size(); i++) {
      Object name = names.get(i);
      if (name != null) {
        keys.add(text(NAME, (String) name));
      }
    }
  }

  /** That there is a member of a name. */
  KeyDemand named(String name) {
    return by == InvertedClass.JSONB_OPS ? new KeyDemand.Key(text(NAME, name)) : KeyDemand.NOTHING;
  }

  /**
   * That there is a scalar.
   *
   * @param names of the members around it, null where they may be any
   */
  KeyDemand valued(@Nullable List<String> names, JsonValue value) {
    if (by == InvertedClass.JSONB_OPS) {
      KeyDemand member = new KeyDemand.Key(scalar(value));
      return value instanceof JsonValue.JsonString string
          ? KeyDemand.any(List.of(member, named(string.value())))
          : member;
    }
    if (names == null) {
      return KeyDemand.NOTHING;
    }
    KeyEncoder path = new KeyEncoder();
    names.forEach(name -> path.putText(name, KeyOrder.ASC_NULLS_LAST));
    return new KeyDemand.Key(path(path, value));
  }

  /** Adds names and scalars; strings that are elements are names to {@code ?}. */
  private void addParts(JsonValue value, boolean isMember, Collection<byte[]> keys) {
    switch (value) {
      case JsonValue.JsonObject object ->
          object
              .members()
              .forEach((name, member) -> {
                keys.add(text(NAME, name));
                addParts(member, true, keys);
              });
      case JsonValue.JsonArray array ->
          array.elements().forEach(element -> addParts(element, false, keys));
      case JsonValue.JsonString string -> keys.add(text(isMember ? STRING : NAME, string.value()));
      case JsonValue.JsonNumber _,
          JsonValue.JsonBoolean _,
          JsonValue.JsonNull _,
          JsonValue.JsonMoment _ ->
          keys.add(scalar(value));
    }
  }

  /** Adds each scalar with its path; arrays are no part of it. */
  private void addPaths(JsonValue value, KeyEncoder path, Collection<byte[]> keys) {
    int length = path.length();
    switch (value) {
      case JsonValue.JsonObject object ->
          object
              .members()
              .forEach((name, member) -> {
                addPaths(member, path.putText(name, KeyOrder.ASC_NULLS_LAST), keys);
                path.truncate(length);
              });
      case JsonValue.JsonArray array ->
          array.elements().forEach(element -> addPaths(element, path, keys));
      case JsonValue.JsonString _,
          JsonValue.JsonMoment _,
          JsonValue.JsonNumber _,
          JsonValue.JsonBoolean _,
          JsonValue.JsonNull _ ->
          keys.add(path(path, value));
    }
  }

  private byte[] path(KeyEncoder names, JsonValue value) {
    int length = names.length();
    names.putRaw(scalar(value));
    byte[] key = key(PATH, hash(names.buffer(), names.length()));
    names.truncate(length);
    return key;
  }

  private byte[] scalar(JsonValue value) {
    return switch (value) {
      case JsonValue.JsonString string -> text(STRING, string.value());
      case JsonValue.JsonNumber number -> key(NUMBER, NUMBERS.key(number.value()));
      case JsonValue.JsonBoolean bool -> key(BOOL, new byte[] {(byte) (bool.value() ? 1 : 0)});
      case JsonValue.JsonNull _ -> key(NULL, Bytes.EMPTY);
      case JsonValue.JsonArray _, JsonValue.JsonObject _, JsonValue.JsonMoment _ ->
          throw new IllegalArgumentException("no scalar: " + value);
    };
  }

  // ---- Keys ----

  private byte[] text(byte kind, String text) {
    return key(kind, text.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] key(byte kind, byte[] content) {
    byte[] kept = content.length <= CONTENT_BYTES_MAX ? content : hash(content, content.length);
    return Bytes.concat(new byte[] {(byte) position, kind}, kept);
  }

  private static byte[] hash(byte[] bytes, int length) {
    return new KeyEncoder(Long.BYTES).putRawLong(HashSlots.hash(bytes, 0, length)).toByteArray();
  }
}

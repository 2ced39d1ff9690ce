package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Arrays of any type: {1,2,NULL} in text, with dimensions when the lower bounds are not 1. */
final class ArrayFormat extends TypeFormat {
  /** 0 for anyarray, whose values carry their element type. */
  private final int elementOid;

  /** What elements that are text are compared by, null for their code points. */
  private final @Nullable TextOrder order;

  ArrayFormat(int elementOid) {
    this(elementOid, null);
  }

  private ArrayFormat(int elementOid, @Nullable TextOrder order) {
    this.elementOid = elementOid;
    this.order = order;
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return new Parser(text, PgTypes.byOid(elementOid), typmod, context).parse();
  }

  /** A recursive-descent reader of one literal. */
  private static final class Parser {
    private final String text;
    private final PgType type;
    private final int typmod;
    private final TypeContext context;
    private final List<@Nullable Object> elements = new ArrayList<>();
    private final int[] lengths = new int[ArrayValue.DIMENSIONS_MAX];
    private int depthMax;
    private int leafDepth = -1;
    private int at;

    Parser(String text, PgType type, int typmod, TypeContext context) {
      this.text = text;
      this.type = type;
      this.typmod = typmod;
      this.context = context;
      java.util.Arrays.fill(lengths, -1);
    }

    ArrayValue parse() {
      skipSpace();
      int[] lower = new int[ArrayValue.DIMENSIONS_MAX];
      int[] declared = new int[ArrayValue.DIMENSIONS_MAX];
      int declaredCount = 0;
      while (peek() == '[') {
        if (declaredCount == ArrayValue.DIMENSIONS_MAX) {
          throw tooManyDimensions();
        }
        at++;
        int first = readBound();
        int last;
        if (peek() == ':') {
          at++;
          last = readBound();
        } else {
          last = first;
          first = 1;
        }
        if (peek() != ']') {
          throw malformed("Missing \"]\" after array dimensions.");
        }
        at++;
        if (last < first) {
          throw TypeErrors.of(
              ErrorCode.ARRAY_SUBSCRIPT_ERROR, "upper bound cannot be less than lower bound");
        }
        lower[declaredCount] = first;
        declared[declaredCount++] = last - first + 1;
        skipSpace();
      }
      if (declaredCount > 0) {
        if (peek() != '=') {
          throw malformed("Missing \"=\" after array dimensions.");
        }
        at++;
        skipSpace();
        if (peek() != '{') {
          throw malformed("Array contents must start with \"{\".");
        }
      } else if (peek() != '{') {
        throw malformed("Array value must start with \"{\" or dimension information.");
      }
      readBraces(0);
      skipSpace();
      if (at < text.length()) {
        throw malformed("Junk after closing right brace.");
      }
      if (elements.isEmpty()) {
        return ArrayValue.empty(type.oid());
      }
      int[] dimensions = java.util.Arrays.copyOf(lengths, depthMax);
      int[] bounds = new int[depthMax];
      java.util.Arrays.fill(bounds, 1);
      if (declaredCount > 0) {
        if (declaredCount != depthMax) {
          throw malformed("Specified array dimensions do not match array contents.");
        }
        for (int i = 0; i < declaredCount; i++) {
          if (declared[i] != dimensions[i]) {
            throw malformed("Specified array dimensions do not match array contents.");
          }
          bounds[i] = lower[i];
        }
      }
      return new ArrayValue(type.oid(), dimensions, bounds, elements.toArray());
    }

    private void readBraces(int depth) {
      if (depth >= ArrayValue.DIMENSIONS_MAX) {
        throw tooManyDimensions();
      }
      depthMax = Math.max(depthMax, depth + 1);
      at++;
      int count = 0;
      skipSpace();
      if (peek() == '}') {
        at++;
        checkLength(depth, 0);
        return;
      }
      while (true) {
        skipSpace();
        if (peek() == '{') {
          if (leafDepth == depth) {
            throw malformedShape();
          }
          readBraces(depth + 1);
        } else {
          if ((leafDepth >= 0 && leafDepth != depth) || depthMax > depth + 1) {
            throw malformedShape();
          }
          leafDepth = depth;
          readElement();
        }
        count++;
        skipSpace();
        char next = peek();
        at++;
        if (next == '}') {
          break;
        }
        if (next != type.row().delimiter()) {
          at--;
          if (at >= text.length()) {
            throw malformed("Unexpected end of input.");
          }
          throw malformed("Unexpected array element.");
        }
        skipSpace();
        if (peek() == '}') {
          throw malformed("Unexpected \"}\" character.");
        }
      }
      checkLength(depth, count);
    }

    private void checkLength(int depth, int count) {
      if (lengths[depth] < 0) {
        lengths[depth] = count;
      } else if (lengths[depth] != count) {
        throw malformedShape();
      }
    }

    private void readElement() {
      char delimiter = type.row().delimiter();
      if (peek() == '"') {
        at++;
        StringBuilder value = new StringBuilder();
        while (true) {
          if (at >= text.length()) {
            throw malformed("Unexpected end of input.");
          }
          char c = text.charAt(at++);
          if (c == '"') {
            break;
          }
          if (c == '\\') {
            if (at >= text.length()) {
              throw malformed("Unexpected end of input.");
            }
            c = text.charAt(at++);
          }
          value.append(c);
        }
        elements.add(type.parse(value.toString(), typmod, context));
        return;
      }
      StringBuilder value = new StringBuilder();
      boolean escaped = false;
      int keep = 0;
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == delimiter || c == '}' || c == '{' || c == '"') {
          break;
        }
        at++;
        if (c == '\\') {
          if (at >= text.length()) {
            throw malformed("Unexpected end of input.");
          }
          value.append(text.charAt(at++));
          escaped = true;
          keep = value.length();
        } else {
          value.append(c);
          if (!Text.isSpace(c)) {
            keep = value.length();
          }
        }
      }
      if (at >= text.length()) {
        throw malformed("Unexpected end of input.");
      }
      char stop = text.charAt(at);
      if (stop == '{') {
        throw malformed("Unexpected \"{\" character.");
      }
      if (stop == '"') {
        throw malformed("Unexpected array element.");
      }
      value.setLength(keep);
      if (value.isEmpty()) {
        throw malformed("Unexpected \"" + stop + "\" character.");
      }
      String word = value.toString();
      boolean isNull = !escaped && word.toLowerCase(Locale.ROOT).equals("null");
      elements.add(isNull ? null : type.parse(word, typmod, context));
    }

    private int readBound() {
      int start = at;
      if (peek() == '-' || peek() == '+') {
        at++;
      }
      while (at < text.length() && Character.isDigit(text.charAt(at))) {
        at++;
      }
      try {
        return Integer.parseInt(text.substring(start, at));
      } catch (NumberFormatException e) {
        throw malformed("\"[\" must introduce explicitly-specified array dimensions.");
      }
    }

    private char peek() {
      return at < text.length() ? text.charAt(at) : '\0';
    }

    private void skipSpace() {
      while (at < text.length() && Text.isSpace(text.charAt(at))) {
        at++;
      }
    }

    private ShardForgeException malformedShape() {
      return malformed("Multidimensional arrays must have sub-arrays with matching dimensions.");
    }

    private ShardForgeException malformed(String detail) {
      return new ShardForgeException(
              ErrorCode.INVALID_TEXT_REPRESENTATION, "malformed array literal: \"" + text + "\"")
          .withDetail(detail);
    }

    private static ShardForgeException tooManyDimensions() {
      return TypeErrors.of(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "number of array dimensions exceeds the maximum allowed ("
              + ArrayValue.DIMENSIONS_MAX
              + ")");
    }
  }

  @Override
  String format(Object value, TypeContext context) {
    ArrayValue array = (ArrayValue) value;
    if (array.size() == 0) {
      return "{}";
    }
    StringBuilder out = new StringBuilder();
    boolean decorate = false;
    for (int i = 0; i < array.dimensionCount(); i++) {
      decorate |= array.lowerBound(i) != 1;
    }
    if (decorate) {
      for (int i = 0; i < array.dimensionCount(); i++) {
        int lower = array.lowerBound(i);
        out.append('[').append(lower).append(':').append(lower + array.length(i) - 1).append(']');
      }
      out.append('=');
    }
    appendDimension(array, 0, 0, PgTypes.byOid(array.elementOid()), out, context);
    return out.toString();
  }

  /** Appends a sub-array that starts at {@code position} and returns where the next one starts. */
  private static int appendDimension(
      ArrayValue array,
      int dimension,
      int position,
      PgType type,
      StringBuilder out,
      TypeContext context) {
    int next = position;
    out.append('{');
    for (int i = 0; i < array.length(dimension); i++) {
      if (i > 0) {
        out.append(type.row().delimiter());
      }
      if (dimension + 1 < array.dimensionCount()) {
        next = appendDimension(array, dimension + 1, next, type, out, context);
      } else {
        Object element = array.get(next++);
        if (element == null) {
          out.append("NULL");
        } else {
          appendElement(out, type.format(element, context), type.row().delimiter());
        }
      }
    }
    out.append('}');
    return next;
  }

  private static void appendElement(StringBuilder out, String text, char delimiter) {
    boolean quote = text.isEmpty() || text.equalsIgnoreCase("null");
    for (int i = 0; i < text.length() && !quote; i++) {
      char c = text.charAt(i);
      quote = c == '"' || c == '\\' || c == '{' || c == '}' || c == delimiter || Text.isSpace(c);
    }
    if (!quote) {
      out.append(text);
      return;
    }
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    ArrayValue array = (ArrayValue) value;
    // Its own label may be that of a type which it was relabeled from.
    write(array, elementOid == 0 ? array.elementOid() : elementOid, out, context);
  }

  static void write(ArrayValue array, int elementOid, ByteWriter out, TypeContext context) {
    boolean nulls = false;
    for (int i = 0; i < array.size(); i++) {
      nulls |= array.get(i) == null;
    }
    out.putInt(array.dimensionCount());
    out.putInt(nulls ? 1 : 0);
    out.putInt(elementOid);
    for (int i = 0; i < array.dimensionCount(); i++) {
      out.putInt(array.length(i));
      out.putInt(array.lowerBound(i));
    }
    PgType type = PgTypes.byOid(elementOid);
    for (int i = 0; i < array.size(); i++) {
      writeElement(type, array.get(i), out, context);
    }
  }

  /** A length word and the binary form; -1 for null. */
  static void writeElement(
      PgType type, @Nullable Object element, ByteWriter out, TypeContext context) {
    if (element == null) {
      out.putInt(-1);
      return;
    }
    int start = out.size();
    out.putInt(0);
    type.writeBinary(element, out, context);
    out.setInt(start, out.size() - start - 4);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return read(elementOid, in, typmod, context);
  }

  static ArrayValue read(int elementOid, ByteBuffer in, int typmod, TypeContext context) {
    int count = in.getInt();
    if (count < 0 || count > ArrayValue.DIMENSIONS_MAX) {
      throw TypeErrors.invalidBinary("invalid number of dimensions: " + count);
    }
    int flags = in.getInt();
    if (flags != 0 && flags != 1) {
      throw TypeErrors.invalidBinary("invalid array flags");
    }
    int actual = in.getInt();
    if (elementOid != 0 && actual != elementOid) {
      throw TypeErrors.of(
          ErrorCode.DATATYPE_MISMATCH,
          "binary data has array element type "
              + actual
              + " ("
              + TypeNames.format(actual, -1)
              + ") instead of expected "
              + elementOid
              + " ("
              + TypeNames.format(elementOid, -1)
              + ")");
    }
    int[] dimensions = new int[count];
    int[] bounds = new int[count];
    long size = count == 0 ? 0 : 1;
    for (int i = 0; i < count; i++) {
      dimensions[i] = in.getInt();
      bounds[i] = in.getInt();
      if (dimensions[i] < 0) {
        throw TypeErrors.invalidBinary("invalid array length");
      }
      size *= dimensions[i];
      if (size > ArrayValue.ELEMENTS_MAX) {
        throw TypeErrors.of(
            ErrorCode.PROGRAM_LIMIT_EXCEEDED,
            "array size exceeds the maximum allowed (" + ArrayValue.ELEMENTS_MAX + ")");
      }
    }
    if (size == 0) {
      return ArrayValue.empty(actual);
    }
    if (size * 4 > in.remaining()) {
      throw new java.nio.BufferUnderflowException();
    }
    PgType type = PgTypes.byOid(actual);
    @Nullable Object[] elements = new @Nullable Object[(int) size];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = readElement(type, in, typmod, context);
    }
    return new ArrayValue(actual, dimensions, bounds, elements);
  }

  private static @Nullable Object readElement(
      PgType type, ByteBuffer in, int typmod, TypeContext context) {
    int length = in.getInt();
    if (length == -1) {
      return null;
    }
    if (length < 0 || length > in.remaining()) {
      throw TypeErrors.invalidBinary("insufficient data left in message");
    }
    ByteBuffer element = in.slice(in.position(), length);
    in.position(in.position() + length);
    return type.readBinary(element, typmod, context);
  }

  @Override
  Object coerce(Object given, int typmod, boolean explicit) {
    ArrayValue array = (ArrayValue) given;
    int element = elementOid == 0 ? array.elementOid() : elementOid;
    PgType type = PgTypes.byOid(element);
    @Nullable Object[] coerced = new @Nullable Object[array.size()];
    for (int i = 0; i < coerced.length; i++) {
      Object value = array.get(i);
      coerced[i] = value == null ? null : type.coerce(value, typmod, explicit);
    }
    return array.withElements(element, coerced);
  }

  @Override
  boolean isComparable() {
    return elementOid == 0 || PgTypes.byOid(elementOid).isComparable();
  }

  @Override
  TypeFormat under(TextOrder newOrder) {
    return new ArrayFormat(elementOid, newOrder);
  }

  private PgType elementType(ArrayValue array) {
    PgType type = PgTypes.byOid(array.elementOid());
    return order == null ? type : type.under(order);
  }

  @Override
  int compare(Object a, Object b) {
    return compareArrays((ArrayValue) a, (ArrayValue) b, elementType((ArrayValue) a));
  }

  static int compareArrays(ArrayValue a, ArrayValue b, PgType type) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = compareNullsLast(type, a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    if (a.size() != b.size()) {
      return Integer.compare(a.size(), b.size());
    }
    if (a.dimensionCount() != b.dimensionCount()) {
      return Integer.compare(a.dimensionCount(), b.dimensionCount());
    }
    for (int i = 0; i < a.dimensionCount(); i++) {
      if (a.length(i) != b.length(i)) {
        return Integer.compare(a.length(i), b.length(i));
      }
    }
    for (int i = 0; i < a.dimensionCount(); i++) {
      if (a.lowerBound(i) != b.lowerBound(i)) {
        return Integer.compare(a.lowerBound(i), b.lowerBound(i));
      }
    }
    return 0;
  }

  static int compareNullsLast(PgType type, @Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return Boolean.compare(a == null, b == null);
    }
    return type.compare(a, b);
  }

  @Override
  int hash(Object value) {
    ArrayValue array = (ArrayValue) value;
    PgType type = elementType(array);
    int hash = 1;
    for (int i = 0; i < array.size(); i++) {
      Object element = array.get(i);
      hash = hash * 31 + (element == null ? 0 : type.hash(element));
    }
    return hash;
  }

  @Override
  @Nullable Integer typmodOf(long[] arguments) {
    return elementOid == 0 ? null : PgTypes.byOid(elementOid).typmodOf(arguments);
  }

  @Override
  String typmodText(int typmod) {
    return elementOid == 0 ? "" : PgTypes.byOid(elementOid).typmodText(typmod);
  }
}

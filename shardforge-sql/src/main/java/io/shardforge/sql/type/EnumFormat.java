package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An enum: a number that is the label's place in the order, read and printed as the label. */
final class EnumFormat extends TypeFormat {
  private final String typeName;
  private final List<EnumLabel> labels;
  private final Map<String, Long> positions = new HashMap<>();
  private final Map<Long, String> texts = new HashMap<>();

  /**
   * @param labels in their order
   */
  EnumFormat(String typeName, List<EnumLabel> labels) {
    this.typeName = typeName;
    this.labels = List.copyOf(labels);
    for (EnumLabel label : labels) {
      positions.put(label.text(), label.position());
      texts.put(label.position(), label.text());
    }
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    Long position = positions.get(text);
    if (position == null) {
      throw TypeErrors.of(
          ErrorCode.INVALID_TEXT_REPRESENTATION,
          "invalid input value for enum " + Text.quoteIdentifier(typeName) + ": \"" + text + "\"");
    }
    return position;
  }

  @Override
  String format(Object value, TypeContext context) {
    String text = texts.get((Long) value);
    if (text == null) {
      throw TypeErrors.of(
          ErrorCode.DATA_CORRUPTED, "enum " + typeName + " has no value at " + value);
    }
    return text;
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    context.encoding().write(format(value, context), out);
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    return parse(context.encoding().decode(in), typmod, context);
  }

  @Override
  int compare(Object a, Object b) {
    return Long.compare((Long) a, (Long) b);
  }

  /** The values from one to another, null for an open end. */
  @Override
  List<Object> range(@Nullable Object first, @Nullable Object last) {
    List<Object> values = new ArrayList<>();
    for (EnumLabel label : labels) {
      if ((first == null || label.position() >= (Long) first)
          && (last == null || label.position() <= (Long) last)) {
        values.add(label.position());
      }
    }
    return values;
  }
}

package io.shardforge.sql.function;

/** The list of families. */
final class BuiltinFunctions {
  private BuiltinFunctions() {}

  static void register(FunctionTable table) {
    ComparisonFunctions.register(table);
    IntegerFunctions.register(table);
    FloatFunctions.register(table);
    NumericFunctions.register(table);
    ConversionFunctions.register(table);
    DateTimeArithmetic.register(table);
    TextFunctions.register(table);
    PatternFunctions.register(table);
    OverlapFunctions.register(table);
    DateTimeParts.register(table);
    DateTimeTruncation.register(table);
    DateTimeFormat.register(table);
    NumberFormat.register(table);
    TextFormat.register(table);
    ArrayFunctions.register(table);
    CollatedText.register(table);
    EnumFunctions.register(table);
    JsonFunctions.register(table);
    JsonConstructors.register(table);
    ByteaFunctions.register(table);
    EncodingFunctions.register(table);
    InputFunctions.register(table);
    TimeZoneFunctions.register(table);
    SendFunctions.register(table);
    BitFunctions.register(table);
    NetworkFunctions.register(table);
    SystemFunctions.register(table);
    CatalogLookups.register(table);
    AccessFunctions.register(table);
    ObjectFunctions.register(table);
    Aggregates.register(table);
    HypotheticalSetAggregates.register(table);
    SetFunctions.register(table);
    HashFunctions.register(table);
    RowSample.register(table);
    WindowFunctions.register(table);
  }
}

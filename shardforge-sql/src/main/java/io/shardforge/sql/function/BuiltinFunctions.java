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
    Aggregates.register(table);
    SetFunctions.register(table);
  }
}

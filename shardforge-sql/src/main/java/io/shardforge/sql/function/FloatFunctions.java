package io.shardforge.sql.function;

import io.shardforge.sql.expr.DoubleFunction;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Arithmetic and mathematics of real and double precision. */
final class FloatFunctions {
  private FloatFunctions() {}

  static void register(FunctionTable t) {
    arithmetic(t, "float8", false);
    arithmetic(t, "float48", false);
    arithmetic(t, "float84", false);
    arithmetic(t, "float4", true);
    for (String prefix : new String[] {"float4", "float8"}) {
      t.of(prefix + "um", Double.class, (_, a) -> -a);
      t.of(prefix + "up", Double.class, (_, a) -> a);
      t.of(prefix + "abs", Double.class, (_, a) -> Math.abs(a));
    }
    t.of("dround", Double.class, (_, a) -> Math.rint(a));
    t.of("dceil", Double.class, (_, a) -> Math.ceil(a));
    t.of("dfloor", Double.class, (_, a) -> Math.floor(a));
    t.of("dtrunc", Double.class, (_, a) -> a < 0 ? Math.ceil(a) : Math.floor(a));
    t.of("dsign", Double.class, (_, a) -> a > 0 ? 1.0 : a < 0 ? -1.0 : 0.0);
    t.of("dsqrt", Double.class, (_, a) -> squareRoot(a));
    unary(t, "dcbrt", Math::cbrt);
    unary(t, "dexp", Math::exp);
    t.of("dlog1", Double.class, (_, a) -> Math.log(logArgument(a)));
    t.of("dlog10", Double.class, (_, a) -> Math.log10(logArgument(a)));
    t.doubles("dpow", FloatFunctions::power);
    t.of("dpi", _ -> Math.PI);
    t.of("degrees", Double.class, (_, a) -> checked(a / (Math.PI / 180), a, a));
    t.of("radians", Double.class, (_, a) -> a * (Math.PI / 180));
    finiteArgument(t, "dsin", Math::sin);
    finiteArgument(t, "dcos", Math::cos);
    finiteArgument(t, "dtan", Math::tan);
    finiteArgument(t, "dcot", a -> 1 / Math.tan(a));
    t.of("dasin", Double.class, (_, a) -> Math.asin(unitArgument(a)));
    t.of("dacos", Double.class, (_, a) -> Math.acos(unitArgument(a)));
    unary(t, "datan", Math::atan);
    t.doubles("datan2", Math::atan2);
    unary(t, "dsinh", Math::sinh);
    unary(t, "dcosh", Math::cosh);
    unary(t, "dtanh", Math::tanh);
    unary(t, "dasinh", FloatFunctions::asinh);
    t.of(
        "dacosh",
        Double.class,
        (_, a) -> {
          if (a < 1) {
            throw inputOutOfRange();
          }
          return Math.log(a + Math.sqrt(a * a - 1));
        });
    t.of(
        "datanh",
        Double.class,
        (_, a) -> {
          if (a < -1 || a > 1) {
            throw inputOutOfRange();
          }
          return 0.5 * Math.log((1 + a) / (1 - a));
        });
    registerDegrees(t);
    t.of("drandom", c -> c.services().get(SessionFunctions.class).random());
    t.of(
        "drandom_normal",
        Double.class,
        Double.class,
        (c, a, b) -> c.services().get(SessionFunctions.class).randomNormal(a, b));
    for (String type : List.of("int4", "int8")) {
      t.of(type + "random", Long.class, Long.class, FloatFunctions::between);
    }
    t.of(
        "setseed",
        Double.class,
        (c, a) -> {
          if (a < -1 || a > 1 || Double.isNaN(a)) {
            throw TypeErrors.invalidParameter(
                "setseed parameter " + a + " is out of allowed range [-1,1]");
          }
          c.services().get(SessionFunctions.class).seed(a);
          return "";
        });
  }

  private static Long between(EvalContext context, long low, long high) {
    if (low > high) {
      throw TypeErrors.invalidParameter("lower bound must be less than or equal to upper bound");
    }
    return context.services().get(SessionFunctions.class).random(low, high);
  }

  private static void registerDegrees(FunctionTable t) {
    finiteArgument(t, "dsind", FloatFunctions::sineOfDegrees);
    finiteArgument(t, "dcosd", a -> sineOfDegrees(a + 90));
    finiteArgument(t, "dtand", a -> tangentOfDegrees(a));
    finiteArgument(t, "dcotd", FloatFunctions::cotangentOfDegrees);
    t.of("dasind", Double.class, (_, a) -> inDegrees(Math.asin(unitArgument(a))));
    t.of("dacosd", Double.class, (_, a) -> inDegrees(Math.acos(unitArgument(a))));
    unary(t, "datand", a -> inDegrees(Math.atan(a)));
    t.doubles("datan2d", (a, b) -> inDegrees(Math.atan2(a, b)));
  }

  /** Degrees, exact where the angle is a whole number of them. */
  private static double inDegrees(double radians) {
    double degrees = Math.toDegrees(radians);
    double whole = Math.rint(degrees);
    return Math.abs(degrees - whole) < 1e-13 ? whole : degrees;
  }

  private static double sineOfDegrees(double degrees) {
    double angle = degrees % 360;
    if (angle < 0) {
      angle += 360;
    }
    double sign = 1;
    if (angle > 180) {
      angle -= 180;
      sign = -1;
    }
    if (angle > 90) {
      angle = 180 - angle;
    }
    return sign * (angle <= 30 ? sineUpTo30(angle) : cosineUpTo60(90 - angle));
  }

  private static double cosineOfQuadrant(double angle) {
    return angle <= 60 ? cosineUpTo60(angle) : sineUpTo30(90 - angle);
  }

  /** Scaled so that 30 degrees give exactly 0.5. */
  private static double sineUpTo30(double angle) {
    return Math.sin(angle * (Math.PI / 180)) / Math.sin(30 * (Math.PI / 180)) / 2;
  }

  /** Scaled so that 60 degrees give exactly 0.5. */
  private static double cosineUpTo60(double angle) {
    return 1 - (1 - Math.cos(angle * (Math.PI / 180))) / (1 - Math.cos(60 * (Math.PI / 180))) / 2;
  }

  private static double tangentOfDegrees(double degrees) {
    double angle = acute(degrees);
    double size = Math.abs(angle);
    if (size == 90) {
      return Math.copySign(Double.POSITIVE_INFINITY, angle);
    }
    if (size == 45) {
      return Math.copySign(1, angle);
    }
    double ofFortyFive = sineOfDegrees(45) / cosineOfQuadrant(45);
    double tangent = (sineOfDegrees(size) / cosineOfQuadrant(size)) / ofFortyFive;
    return tangent == 0 ? 0 : Math.copySign(tangent, angle);
  }

  private static double cotangentOfDegrees(double degrees) {
    double angle = acute(degrees);
    if (angle == 0) {
      return Math.copySign(Double.POSITIVE_INFINITY, angle);
    }
    return Math.abs(angle) == 90 ? 0 : 1 / tangentOfDegrees(degrees);
  }

  /** The angle of up to 90 degrees that has the same tangent, with its sign, of zero too. */
  private static double acute(double degrees) {
    double angle = degrees % 360;
    double sign = angle < 0 ? -1 : 1;
    angle *= sign;
    if (angle > 180) {
      angle = 360 - angle;
      sign = -sign;
    }
    return angle > 90 ? -sign * (180 - angle) : sign * angle;
  }

  private static double asinh(double a) {
    if (Double.isInfinite(a) || a == 0) {
      return a;
    }
    double magnitude = Math.abs(a);
    double result =
        magnitude < 1e-4 ? magnitude : Math.log(magnitude + Math.sqrt(magnitude * magnitude + 1));
    return Math.copySign(result, a);
  }

  private static void unary(FunctionTable t, String source, DoubleUnaryOperator operator) {
    t.of(
        source,
        Double.class,
        (_, a) -> {
          double result = operator.applyAsDouble(a);
          if (Double.isInfinite(result) && !Double.isInfinite(a)) {
            throw overflow();
          }
          if (result == 0 && a != 0 && source.equals("dexp") && a != Double.NEGATIVE_INFINITY) {
            throw underflow();
          }
          return result;
        });
  }

  private static void finiteArgument(FunctionTable t, String source, DoubleUnaryOperator operator) {
    t.of(
        source,
        Double.class,
        (_, a) -> {
          if (Double.isInfinite(a)) {
            throw inputOutOfRange();
          }
          return operator.applyAsDouble(a);
        });
  }

  static ShardForgeException inputOutOfRange() {
    return TypeErrors.of(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range");
  }

  static ShardForgeException overflow() {
    return TypeErrors.of(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
  }

  static ShardForgeException underflow() {
    return TypeErrors.of(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
  }

  private static double unitArgument(double a) {
    if (a < -1 || a > 1) {
      throw inputOutOfRange();
    }
    return a;
  }

  private static double squareRoot(double a) {
    if (a < 0) {
      throw TypeErrors.of(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "cannot take square root of a negative number");
    }
    return Math.sqrt(a);
  }

  private static double logArgument(double a) {
    if (a == 0) {
      throw TypeErrors.of(
          ErrorCode.INVALID_ARGUMENT_FOR_LOGARITHM, "cannot take logarithm of zero");
    }
    if (a < 0) {
      throw TypeErrors.of(
          ErrorCode.INVALID_ARGUMENT_FOR_LOGARITHM, "cannot take logarithm of a negative number");
    }
    return a;
  }

  static double power(double a, double b) {
    if (Double.isNaN(a)) {
      return b == 0 ? 1 : a;
    }
    if (Double.isNaN(b)) {
      return a == 1 ? 1 : b;
    }
    if (a == 0 && b < 0) {
      throw TypeErrors.of(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "zero raised to a negative power is undefined");
    }
    if (a < 0 && b != Math.floor(b) && !Double.isInfinite(b)) {
      throw TypeErrors.of(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "a negative number raised to a non-integer power yields a complex result");
    }
    if (a == 1 || (a == -1 && Double.isInfinite(b))) {
      return 1;
    }
    double result = Math.pow(a, b);
    if (!Double.isInfinite(a) && !Double.isInfinite(b)) {
      if (Double.isInfinite(result)) {
        throw overflow();
      }
      if (result == 0 && a != 0) {
        throw underflow();
      }
    }
    return result;
  }

  private static void arithmetic(FunctionTable t, String prefix, boolean single) {
    t.doubles(prefix + "pl", rounded(single, (a, b) -> checked(a + b, a, b)));
    t.doubles(prefix + "mi", rounded(single, (a, b) -> checked(a - b, a, b)));
    t.doubles(
        prefix + "mul",
        (a, b) -> {
          double product = single ? (float) (a * b) : a * b;
          checked(product, a, b);
          if (product == 0 && a != 0 && b != 0) {
            throw underflow();
          }
          return product;
        });
    t.doubles(
        prefix + "div",
        (a, b) -> {
          if (b == 0 && !Double.isNaN(a)) {
            throw TypeErrors.divisionByZero();
          }
          double quotient = single ? (float) (a / b) : a / b;
          if (Double.isInfinite(quotient) && !Double.isInfinite(a)) {
            throw overflow();
          }
          if (quotient == 0 && a != 0 && !Double.isInfinite(b)) {
            throw underflow();
          }
          return quotient;
        });
  }

  private static DoubleFunction rounded(boolean single, DoubleFunction function) {
    return single
        ? (a, b) -> {
          float result = (float) function.applyDouble(a, b);
          return checked(result, a, b);
        }
        : function;
  }

  /** An infinite result of finite operands is an overflow. */
  static double checked(double result, double a, double b) {
    if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
      throw overflow();
    }
    return result;
  }
}

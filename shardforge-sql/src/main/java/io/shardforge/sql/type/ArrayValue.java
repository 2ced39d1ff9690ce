package io.shardforge.sql.type;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array: element type, dimensions with their lower bounds, and the elements in row-major order.
 * An empty array has no dimensions. Arrays passed in are not copied: do not change them.
 */
public final class ArrayValue {
  public static final int DIMENSIONS_MAX = 6;
  public static final int ELEMENTS_MAX = 134_217_727;

  private final int elementOid;
  private final int[] dimensions;
  private final int[] lowerBounds;
  private final @Nullable Object[] elements;

  public ArrayValue(
      int elementOid, int[] dimensions, int[] lowerBounds, @Nullable Object[] elements) {
    this.elementOid = elementOid;
    this.dimensions = dimensions;
    this.lowerBounds = lowerBounds;
    this.elements = elements;
  }

  public static ArrayValue empty(int elementOid) {
    return new ArrayValue(elementOid, new int[0], new int[0], new Object[0]);
  }

  /** A one-dimensional array from subscript 1, or an empty one. */
  public static ArrayValue of(int elementOid, @Nullable Object... elements) {
    return elements.length == 0
        ? empty(elementOid)
        : new ArrayValue(elementOid, new int[] {elements.length}, new int[] {1}, elements);
  }

  public static ArrayValue of(int elementOid, List<? extends @Nullable Object> elements) {
    return of(elementOid, elements.toArray());
  }

  public int elementOid() {
    return elementOid;
  }

  public int dimensionCount() {
    return dimensions.length;
  }

  /** The length of a dimension, from 0. */
  public int length(int dimension) {
    return dimensions[dimension];
  }

  public int lowerBound(int dimension) {
    return lowerBounds[dimension];
  }

  public int[] dimensions() {
    return dimensions.clone();
  }

  public int[] lowerBounds() {
    return lowerBounds.clone();
  }

  public int size() {
    return elements.length;
  }

  /** The element at a position in row-major order, from 0. */
  public @Nullable Object get(int position) {
    return elements[position];
  }

  public @Nullable Object[] toArray() {
    return elements.clone();
  }

  boolean sameShape(ArrayValue other) {
    return Arrays.equals(dimensions, other.dimensions)
        && Arrays.equals(lowerBounds, other.lowerBounds);
  }

  /** The same elements and shape as another element type. */
  public ArrayValue withElements(int newElementOid, @Nullable Object[] newElements) {
    return new ArrayValue(newElementOid, dimensions, lowerBounds, newElements);
  }

  /** Whether both are written alike, which is more than SQL's equality asks for. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ArrayValue that
        && elementOid == that.elementOid
        && sameShape(that)
        && Arrays.deepEquals(elements, that.elements);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(elements);
  }
}

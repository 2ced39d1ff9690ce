package io.shardforge.sql.function;

/** nextval and its kin. Obtained from EvalContext.services(). */
public interface SequenceFunctions {
  long nextValue(long sequenceOid);

  /** 55000 if this session has not called nextValue on it. */
  long currentValue(long sequenceOid);

  long setValue(long sequenceOid, long value, boolean called);

  /** 55000 if this session has not called nextValue. */
  long lastValue();
}

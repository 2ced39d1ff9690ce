package io.shardforge.sql.exec;

/** The reading of rows from the bytes of one COPY format. */
sealed interface CopyDecoder permits CopyTextDecoder, CopyCsvDecoder, CopyBinaryDecoder {
  /**
   * Reads as many whole rows as there are.
   *
   * @param atEnd whether no more bytes will come, so that what is there has to be whole
   * @return where the first row begins that is not whole
   */
  int decode(byte[] buffer, int from, int to, boolean atEnd);
}

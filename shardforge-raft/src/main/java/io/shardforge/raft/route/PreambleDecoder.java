package io.shardforge.raft.route;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lets only connections through that start as nodes do, and tells others what they have found. */
final class PreambleDecoder extends ByteToMessageDecoder {
  static final String WORDS =
      "This port is for connections between ShardForge nodes."
          + " SQL clients use the node's PostgreSQL port.\n";

  private final RefusalLog refusals;
  private boolean refused;

  PreambleDecoder(RefusalLog refusals) {
    this.refusals = refusals;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (refused) {
      in.skipBytes(in.readableBytes());
      return;
    }
    int seen = Math.min(in.readableBytes(), Frame.PREAMBLE.length);
    for (int i = 0; i < seen; i++) {
      if (in.getByte(in.readerIndex() + i) != Frame.PREAMBLE[i]) {
        refused = true;
        in.skipBytes(in.readableBytes());
        refusals.refused(context.channel().remoteAddress(), "it does not begin as a node does");
        var _ =
            context
                .writeAndFlush(Unpooled.copiedBuffer(WORDS, StandardCharsets.US_ASCII))
                .addListener(ChannelFutureListener.CLOSE);
        return;
      }
    }
    if (seen == Frame.PREAMBLE.length) {
      in.skipBytes(seen);
      context.pipeline().remove(this);
    }
  }
}

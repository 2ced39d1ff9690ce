package io.shardforge.raft.route;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import org.jspecify.annotations.Nullable;

/** Cuts a connection's bytes into frames and refuses those that are too long. */
final class FrameDecoder extends LengthFieldBasedFrameDecoder {
  FrameDecoder() {
    // The bound is on what the length counts, which is not the length itself.
    super(
        RpcLimits.FRAME_BYTES_MAX + Frame.LENGTH_BYTES,
        0,
        Frame.LENGTH_BYTES,
        0,
        Frame.LENGTH_BYTES);
  }

  @Override
  protected @Nullable Object decode(ChannelHandlerContext context, ByteBuf in) throws Exception {
    ByteBuf bytes = (ByteBuf) super.decode(context, in);
    if (bytes == null) {
      return null;
    }
    try {
      return Frame.read(bytes);
    } finally {
      bytes.release();
    }
  }
}

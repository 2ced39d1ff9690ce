package io.shardforge.raft.kv;

import io.shardforge.storage.mvcc.TxnId;

/**
 * Who asks: the transaction that a batch belongs to.
 *
 * @param gatewayNode the node that coordinates it
 * @param oracleTs the newest timestamp that the gateway has had from the oracle
 */
public record TxnHeader(TxnId id, Isolation isolation, int gatewayNode, long oracleTs) {}

"""SubscriptionService: subscriptions, endpoints and deliveries, each in a file of its own."""

from noegletal.v1 import subscription_service_pb2_grpc as grpc_api

from services.notify.delivery_rpc import DeliveryCalls
from services.notify.endpoint_rpc import EndpointCalls
from services.notify.subscription_rpc import Subscriptions


class SubscriptionService(EndpointCalls, DeliveryCalls, Subscriptions, grpc_api.SubscriptionServiceServicer):
    """noegletal.v1.SubscriptionService. An organisation sees its own; another's ids are as unknown as those that do not exist."""

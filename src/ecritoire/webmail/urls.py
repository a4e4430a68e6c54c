app_name = "webmail"
urlpatterns = []

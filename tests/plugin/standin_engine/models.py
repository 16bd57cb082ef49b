from django.db import models


class Board(models.Model):
    name = models.CharField(max_length=100)

    def __str__(self):
        return self.name


class Talk(models.Model):
    board = models.ForeignKey(Board, on_delete=models.CASCADE)

    def __str__(self):
        return str(self.pk)


class Message(models.Model):
    talk = models.ForeignKey(Talk, on_delete=models.CASCADE)

    def __str__(self):
        return str(self.pk)
